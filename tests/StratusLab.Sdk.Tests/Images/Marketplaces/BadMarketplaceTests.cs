using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StratusLab.Core;
using StratusLab.Oci;
using StratusLab.Rig.Registries;
using StratusLab.Rig.Requirements;

namespace StratusLab.Sdk.Tests;

/// <summary>Marketplaces that hold or answer what they should not: nothing is kept, nothing is named, and the error says what to do.</summary>
[Collection("marketplaces")]
public sealed class BadMarketplaceTests(RegistryFixture fixture) : MarketplaceTest(fixture)
{
    private const string Qcow2 = ImageMediaTypes.Qcow2Disk;

    public static TheoryData<string, string> Impossible => new()
    {
        { "foreign artifact", "is no image of a VM" },
        { "foreign layer", "no disk that is known" },
        { "two layers", "2 layers" },
        { "no layer", "0 layers" },
        { "foreign config", "its config is" },
        { "no JSON", "not what an image says of itself" },
        { "other disk in config", "another disk" },
        { "path in name", "not a valid image name" },
        { "path in version", "not a valid image version" },
        { "format that is not the layer's", "its layer" },
        { "escape in title", "control characters" },
        { "size below zero", "-1 bytes" },
        { "bomb by ratio", "gzip cannot do" },
        { "packed without digest", "digest of what is in it" },
    };

    [RequiresTheory(Need.Registry)]
    [MemberData(nameof(Impossible))]
    public async Task An_image_that_says_something_impossible_of_itself_is_refused(string what, string says)
    {
        var disk = new Qcow2File().Bytes;
        var config = Config(disk, 10 << 20);
        var (artifact, configType, layerType, layers) = (ImageMediaTypes.Artifact, ImageMediaTypes.Metadata, Qcow2, 1);
        switch (what)
        {
            case "foreign artifact": artifact = "application/vnd.example.chart"; break;
            case "foreign layer": layerType = "application/vnd.oci.image.layer.v1.tar+gzip"; break;
            case "two layers": layers = 2; break;
            case "no layer": layers = 0; break;
            case "foreign config": configType = "application/vnd.example.config+json"; break;
            case "other disk in config": config["rootfs"]!["diff_ids"] = new JsonArray($"sha256:{new string('0', 64)}"); break;
            case "path in name": config["name"] = "../../etc/passwd"; break;
            case "path in version": config["version"] = "../1"; break;
            case "format that is not the layer's": config["format"] = "Raw"; break;
            case "escape in title": config["title"] = "\u001b]0;owned\a"; break;
            case "size below zero": config["virtualSize"] = -1; break;
            case "bomb by ratio": (layerType, config["diskSize"]) = ($"{Qcow2}+gzip", 1L << 40); break;
            case "packed without digest": (layerType, config["diskSize"], config["rootfs"]) = ($"{Qcow2}+gzip", 1L << 20, null); break;
        }

        await PushAsync("bad", what == "no JSON" ? "no JSON"u8.ToArray() : Encoding.UTF8.GetBytes(config.ToJsonString()), disk, artifact, configType, layerType, layers);

        var error = await RefusedAsync("lab/bad:1");
        Assert.Equal("NotAnImage", error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Empty(await FindAsync(There));
    }

    [RequiresTheory(Need.Registry)]
    [InlineData("backing", "ImageHasBackingFile", "/etc/shadow")]
    [InlineData("external data", "InvalidImageFile", "another file")]
    [InlineData("larger than said", "InvalidImageFile", "a guest would see")]
    [InlineData("raw said to be qcow2", "InvalidImageFile", "Raw")]
    [InlineData("bomb", "InvalidImageFile", "more than")]
    [InlineData("packed shorter", "InvalidImageFile", "unpacks to")]
    [InlineData("packed other", "InvalidImageFile", "digest")]
    [InlineData("packed backing", "ImageHasBackingFile", "/etc/shadow")]
    public async Task A_disk_obeys_the_rules_for_those_that_are_published_here(string what, string id, string says)
    {
        var disk = what switch
        {
            "backing" or "packed backing" => new Qcow2File().Backing("/etc/shadow").Bytes,
            "external data" => new Qcow2File().U64(72, 4).Bytes,
            "raw said to be qcow2" => Raw(),
            "bomb" => new byte[8 << 20],
            _ => new Qcow2File().Bytes,
        };
        var config = Config(disk, what == "larger than said" ? 1 << 20 : 10 << 20);
        var isPacked = what.StartsWith("packed", StringComparison.Ordinal) || what == "bomb";
        if (isPacked) config["diskSize"] = what switch { "bomb" => 1 << 20, "packed shorter" => disk.Length + 1, _ => disk.Length };
        if (what == "packed other") config["rootfs"]!["diff_ids"] = new JsonArray($"sha256:{new string('1', 64)}");
        await PushAsync("bad", Encoding.UTF8.GetBytes(config.ToJsonString()), isPacked ? Pack(disk) : disk, layerType: isPacked ? $"{Qcow2}+gzip" : Qcow2);

        var error = await RefusedAsync("lab/bad:1");
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("was not kept", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, StratusErrorKind> Answers => new()
    {
        { "flipped", "ImageDamaged", StratusErrorKind.Protocol },
        { "longer", "ImageDamaged", StratusErrorKind.Protocol },
        { "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n", "MarketplaceLoginFailed", StratusErrorKind.PermissionDenied },
        { "403 Forbidden\r\nContent-Length: 0\r\n\r\n", "MarketplaceAccessDenied", StratusErrorKind.PermissionDenied },
        { "429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", "MarketplaceBusy", StratusErrorKind.Timeout },
        { "500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", "MarketplaceFailed", StratusErrorKind.Failed },
        { "307 Temporary Redirect\r\nLocation: http://198.51.100.7/x\r\nContent-Length: 0\r\n\r\n", "MarketplaceProtocolError", StratusErrorKind.Protocol },
    };

    [RequiresTheory(Need.Registry)]
    [MemberData(nameof(Answers))]
    public async Task What_a_registry_answers_instead_of_the_disk_is_an_error_with_a_next_step(string answer, string id, StratusErrorKind kind)
    {
        var image = await Here.PublishAsync($"asked-{id.ToLowerInvariant()}-{answer.Length}");
        await Here.Site.Marketplaces.PublishAsync(image.Reference, "lab");
        There.Site.Marketplaces.Transport = Quick with { MaxAttempts = 2 };
        Proxy.OnRequest = request => !request.ReadsBlob || !request.Target.EndsWith(image.DiskDigest, StringComparison.Ordinal) ? null : answer switch
        {
            "flipped" => new RegistryFault { FlipResponseAt = 1234 },
            "longer" => new RegistryFault { Answer = $"200 OK\r\nContent-Length: {image.StoredSize.Bytes + 1}\r\n\r\n" },
            _ => new RegistryFault { Answer = answer },
        };

        var error = await RefusedAsync($"lab/{image.Reference}");

        Assert.Equal((id, kind), (error.ErrorId, error.Kind));
        Proxy.OnRequest = null;
        Assert.Equal(image.Digest, (await There.Site.Marketplaces.ReceiveAsync($"lab/{image.Reference}")).Digest);
    }

    [RequiresTheory(Need.Registry)]
    [InlineData("lab/../etc:1")]
    [InlineData("lab/a/b:1")]
    [InlineData("lab/UPPER:1")]
    [InlineData("lab/x:../1")]
    [InlineData("lab/x:1?y=1")]
    [InlineData("lab/x@sha256:12")]
    [InlineData("lab/")]
    public async Task A_reference_that_could_lead_elsewhere_is_refused_before_anything_is_asked(string reference)
    {
        Proxy.Reset();
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => There.Site.Marketplaces.ReceiveAsync(reference));
        Assert.Equal("InvalidImageReference", error.ErrorId);
        Assert.Empty(Proxy.Requests);
    }

    [RequiresFact(Need.Registry)]
    public async Task A_credential_is_kept_for_its_owner_alone_and_goes_with_the_last_marketplace()
    {
        await using var registry = await DockerRegistry.StartAsync(RegistryAccess.Password);
        var wrong = await Assert.ThrowsAsync<StratusException>(() => RegisterAsync("locked", "not-it"));
        Assert.Equal("MarketplaceLoginFailed", wrong.ErrorId);
        Assert.DoesNotContain("not-it", wrong.ToString(), StringComparison.Ordinal);

        await RegisterAsync("locked", DockerRegistry.Password);
        var image = await Here.PublishAsync("secret");
        await Here.Site.Marketplaces.PublishAsync(image.Reference, "locked");

        var file = Path.Combine(Here.Site.Folder, "registry-auth.json");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain(DockerRegistry.Password, File.ReadAllText(Path.Combine(Here.Site.Folder, "catalogue.db")), StringComparison.Ordinal);
        await Here.Site.Marketplaces.UnregisterAsync("locked");
        Assert.DoesNotContain("127.0.0.1", File.ReadAllText(file), StringComparison.Ordinal);

        Task<Marketplace> RegisterAsync(string name, string password) => Here.Site.Marketplaces.RegisterAsync(
            new Marketplace { Name = name, Uri = $"{registry.Address}/x" }, new NetworkCredential(DockerRegistry.User, password));
    }

    [RequiresFact(Need.Registry)]
    public async Task A_registry_that_dies_is_tried_again_and_then_named()
    {
        await using var registry = await DockerRegistry.StartAsync();
        await Here.Site.Marketplaces.RegisterAsync(new Marketplace { Name = "dying", Uri = $"{registry.Address}/x" });
        var image = await Here.PublishAsync("orphan");
        await registry.KillAsync();

        var error = await Assert.ThrowsAsync<StratusException>(() => Here.Site.Marketplaces.PublishAsync(image.Reference, "dying"));

        Assert.Equal(("MarketplaceUnreachable", true), (error.ErrorId, error.IsTransient));
        Assert.Contains("tried 5 times", error.Message, StringComparison.Ordinal);
        Assert.Contains("Try again", error.Message, StringComparison.OrdinalIgnoreCase);
        await registry.StartProcessAsync();
        Assert.Equal("dying/orphan:latest", (await Here.Site.Marketplaces.PublishAsync(image.Reference, "dying")).Reference);
    }

    private static JsonObject Config(byte[] disk, long virtualSize) => new()
    {
        ["name"] = "bad", ["version"] = "1", ["architecture"] = "amd64", ["firmware"] = "Bios", ["defaultUser"] = "root", ["format"] = "Qcow2",
        ["virtualSize"] = virtualSize, ["created"] = "2026-01-01T00:00:00Z", ["os"] = "linux",
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray($"sha256:{Convert.ToHexStringLower(SHA256.HashData(disk))}") },
    };

    private static byte[] Raw()
    {
        var disk = new byte[1 << 20];
        (disk[510], disk[511]) = (0x55, 0xAA);
        return disk;
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest)) packing.Write(content);
        return packed.ToArray();
    }

    private async Task<StratusException> RefusedAsync(string reference)
    {
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => There.Site.Marketplaces.ReceiveAsync(reference));
        Assert.Empty(await There.Site.Images.ListAsync().ToListAsync());
        var store = Path.Combine(There.Site.Folder, "images");
        if (Directory.Exists(store))
            foreach (var folder in (string[])["blobs/sha256", ".staging"])
                Assert.Empty(Directory.Exists(Path.Combine(store, folder)) ? Directory.EnumerateFiles(Path.Combine(store, folder)) : []);
        return error;
    }

    private async Task PushAsync(
        string name, byte[] config, byte[] disk, string artifactType = ImageMediaTypes.Artifact, string configType = ImageMediaTypes.Metadata, string layerType = Qcow2, int layers = 1)
    {
        var layout = await OciLayout.OpenAsync(Path.Combine(Path.GetDirectoryName(Here.Site.Folder)!, "bad"));
        using var stagedConfig = await layout.StageAsync(new MemoryStream(config), configType);
        using var stagedDisk = await layout.StageAsync(new MemoryStream(disk), layerType);
        var manifest = new OciManifest { ArtifactType = artifactType, Config = stagedConfig.Descriptor, Layers = [.. Enumerable.Repeat(stagedDisk.Descriptor, layers)] };
        var committed = await layout.CommitAsync(manifest, "1", [stagedConfig, stagedDisk]);
        using var client = new RegistryClient(Proxy.Address, Quick);
        await new RegistryTransfer(client, layout).PushAsync(committed.Digest, $"{Namespace}/{name}", "1");
    }
}

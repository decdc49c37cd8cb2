using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using StratusLab.Sim;

namespace StratusLab.Ec2.Tests.Images;

/// <summary>Images of a site's store on EC2: disks that are converted on the way, and references to what a region has itself.</summary>
public sealed class SiteImageTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stratus-");
    private ImageRegion _region = null!;
    private StratusSite _site = null!;

    public async Task InitializeAsync()
    {
        _region = await ImageRegion.StartAsync();
        _site = await StratusSite.OpenAsync(new SiteOptions { Folder = Path.Combine(_folder.FullName, "site"), Providers = [new Ec2ProviderFactory(), new SimProviderFactory()], Owner = "tester@lab" });
        await _site.Hosts.AddAsync(new HostDefinition { Name = "aws", Uri = _region.Uri() });
        await _site.Hosts.AddAsync(new HostDefinition { Name = "lab", Uri = "sim://lab?cpu=16&memory=64GB" });
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        await _region.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [RequiresFact(Need.QemuImg)]
    public async Task Sparse_disk_of_a_gibibyte_goes_as_what_is_in_it_and_once()
    {
        var image = await PublishDiskAsync(1L << 30);
        Assert.True((await _site.HostImages.EnsureAsync("aws", image)).WasSent);
        Assert.False((await _site.HostImages.EnsureAsync("aws", image)).WasSent);
        _region.RequireOne();
        Assert.Equal(1, _region.Ours[0].SizeGiB);
        Assert.InRange(_region.Cloud.Store.BytesReceived, 1 << 16, 4 << 20);
        Assert.Equal("VMDK", Assert.Single(_region.Cloud.Imports).Format);
        Assert.Empty(Directory.EnumerateFiles(_site.Folder, "*.vmdk", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(_site.Folder, "*.disk", SearchOption.AllDirectories)));
        Assert.Equal([image.Reference], Assert.Single(await _site.HostImages.ListAsync([await _site.Hosts.GetAsync("aws")]).ToListAsync()).Images);
    }

    [RequiresFact(Need.QemuImg)]
    public async Task Same_disk_is_converted_to_the_same_bytes()
    {
        var content = _site.Images.Open(await PublishDiskAsync(64 << 20));
        await using var one = await content.OpenVmdkAsync();
        await using var other = await content.OpenVmdkAsync();
        Assert.NotNull(one);
        Assert.Equal((one.Digest, one.Length), (other!.Digest, other.Length));
        Assert.Equal(one.Digest, $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(other.Content))}");
    }

    [Fact]
    public async Task Reading_an_image_back_is_refused_by_the_name_of_what_is_missing()
    {
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => _site.HostImages.VerifyAsync("aws", "sha256:" + new string('0', 64)));
        Assert.Equal(StratusErrorKind.NotSupported, error.Kind);
        Assert.Contains("ImageReadback", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_is_launched_where_it_is_once_it_is_endorsed()
    {
        using var jane = SelfSigned();
        await _site.Trust.AddEndorserAsync("jane", jane);
        var image = await _site.Images.PublishReferenceAsync(Debian());
        var machine = _region.Cloud.Images.Single(i => i.Name == "debian-12-amd64-20260101-0001");
        Assert.Equal(machine.Id, image.HostImages!["eu-west-1"]);
        Assert.Equal(("x86_64", ByteSize.FromGiB(8), "debian", ByteSize.Zero), (image.Architecture, image.VirtualSize, image.DefaultUser, image.StoredSize));
        Assert.Equal(image, await _site.Images.GetAsync("debian:12"));
        Assert.Equal(image.Digest, (await _site.Images.PublishReferenceAsync(Debian())).Digest);

        Assert.False((await _site.Trust.EvaluateAsync(image)).IsAllowed);
        using (var signer = new ImageSigner(jane)) await _site.Trust.EndorseAsync(image, signer);
        Assert.True((await _site.Trust.EvaluateAsync(image, readDisk: true)).IsAllowed);

        await using var provider = _region.Connect();
        var descriptor = image.ToDescriptor();
        Assert.False((await _site.HostImages.EnsureAsync("aws", image)).WasSent);
        var request = new VmRequest { RequestId = Guid.NewGuid(), Name = "one", Image = descriptor, Cpu = 1, Memory = ByteSize.FromMiB(512), Owner = "t", Site = "t", CreatedAt = DateTimeOffset.UtcNow };
        Assert.Null(Assert.Single(await provider.CreateAsync([request]).ToListAsync()).Error);
        Assert.Equal(machine.Id, Assert.Single(_region.Cloud.Instances).ImageId);
        Assert.Empty(_region.Ours);

        // What the descriptor says is not what was signed.
        var forged = image with { HostImages = new Dictionary<string, string> { ["eu-west-1"] = "ami-00000000000000000" } };
        Assert.False((await _site.Trust.EvaluateAsync(forged)).IsAllowed);
    }

    [Fact]
    public async Task Reference_is_refused_by_hosts_that_do_not_have_it()
    {
        var image = await _site.Images.PublishReferenceAsync(Debian());
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => _site.HostImages.EnsureAsync("lab", image));
        Assert.Equal(("ImageNotForHost", StratusErrorKind.NotSupported), (error.ErrorId, error.Kind));
        Assert.Contains("eu-west-1", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAnyAsync<StratusException>(() => _site.Images.FindNativeAsync("lab", new NativeImageQuery { Id = "ami-1" }));
        Assert.Contains("NativeImages", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_to_what_is_gone_or_of_another_architecture_is_refused()
    {
        var image = await _site.Images.PublishReferenceAsync(Debian());
        var missing = image.ToDescriptor() with { HostImages = new Dictionary<string, string> { ["eu-west-1"] = "ami-00000000000000000" } };
        var other = image.ToDescriptor() with { HostImages = new Dictionary<string, string> { ["eu-west-1"] = _region.Cloud.Images.Single(i => i.Architecture == "arm64").Id } };
        var elsewhere = image.ToDescriptor() with { HostImages = new Dictionary<string, string> { ["us-east-1"] = "ami-1" } };
        await using var provider = _region.Connect();
        foreach (var (descriptor, errorId, says) in new[] { (missing, "NativeImageUnusable", "does not exist"), (other, "NativeImageUnusable", "aarch64"), (elsewhere, "ImageNotForHost", "us-east-1") })
        {
            var error = await Assert.ThrowsAnyAsync<StratusException>(() => ((IImageHost)provider).EnsureImageAsync(BytesImage.Random(1).With(_ => descriptor)));
            Assert.Equal(errorId, error.ErrorId);
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("NativeImageNotFound", (await Assert.ThrowsAnyAsync<StratusException>(() => _site.Images.PublishReferenceAsync(Debian() with { Query = new NativeImageQuery { Id = "ami-00000000000000000" } }))).ErrorId);
    }

    [Fact]
    public async Task Newest_match_is_taken_and_other_places_are_added_under_the_same_name()
    {
        lock (_region.Cloud.Gate)
        {
            var old = _region.Cloud.Images.Single(i => i.Name == "debian-12-amd64-20260101-0001");
            _region.Cloud.Images.Add(new EmulatedImage { Id = "ami-0123456789abcdef0", Name = "debian-12-amd64-20260201-0002", OwnerId = old.OwnerId, SnapshotId = old.SnapshotId, IsPublic = true, CreatedAt = old.CreatedAt.AddDays(31) });
            _region.Cloud.Images.Add(new EmulatedImage { Id = "ami-0fffffffffffffff0", Name = "debian-12-amd64-20260301-0003", OwnerId = "666666666666", SnapshotId = old.SnapshotId, IsPublic = true, CreatedAt = old.CreatedAt.AddDays(60) });
        }

        var image = await _site.Images.PublishReferenceAsync(Debian());
        Assert.Equal("ami-0123456789abcdef0", image.HostImages!["eu-west-1"]);
        Assert.Contains("ami-0123456789abcdef0", image.Description, StringComparison.Ordinal);
        var both = await _site.Images.PublishReferenceAsync(
            Debian() with { DefaultUser = null }, new NativeImage("eu-central-1", "ami-1") { Architecture = "x86_64", VirtualSize = ByteSize.FromGiB(8) });
        Assert.Equal(["eu-central-1", "eu-west-1"], both.HostImages!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("debian", both.DefaultUser);
        Assert.NotEqual(image.Digest, both.Digest);
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => _site.Images.PublishReferenceAsync(Debian(), new NativeImage("us-east-1", "ami-2") { Architecture = "aarch64" }));
        Assert.Equal("ImageReferenceMismatch", error.ErrorId);
    }

    private static ReferencePublication Debian() => new()
    {
        Host = "aws", Query = new NativeImageQuery { Name = "debian-12-amd64-*", Owner = "136693071363" }, Name = "debian", Version = "12", DefaultUser = "debian",
    };

    private async Task<StratusImage> PublishDiskAsync(long length)
    {
        var path = Path.Combine(_folder.FullName, "disk.raw");
        await using (var file = File.Create(path))
        {
            var head = new byte[1 << 20];
            Random.Shared.NextBytes(head);
            head.AsSpan(440, 70).Clear();
            (head[510], head[511]) = (0x55, 0xAA);
            head.AsSpan(512, 8).Clear();
            await file.WriteAsync(head);
            file.SetLength(length);
        }

        return await _site.Images.PublishAsync(new ImagePublication { Path = path, Name = "sparse", Version = "1" });
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Jane,O=Lab,C=CH", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }
}

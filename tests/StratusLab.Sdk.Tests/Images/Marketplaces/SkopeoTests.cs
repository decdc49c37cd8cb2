using System.Text.Json;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;

namespace StratusLab.Sdk.Tests;

/// <summary>What we publish is what another client sees, and what it copied launches.</summary>
[Collection("marketplaces")]
public sealed class SkopeoTests(RegistryFixture fixture) : MarketplaceTest(fixture)
{
    [RequiresTheory(Need.Registry, Need.Skopeo)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_has_the_same_digests_for_another_client(bool compress)
    {
        var image = await PublishAsync("seen", compress);

        using var seen = JsonDocument.Parse(await Command.RunAsync("skopeo", ["inspect", "--tls-verify=false", Source("seen:1")]));
        var folder = Path.Combine(Path.GetDirectoryName(Here.Site.Folder)!, "copy");
        await Command.RunAsync("skopeo", ["copy", "--src-tls-verify=false", Source("seen:1"), $"dir:{folder}"]);

        Assert.Equal(image.Digest, seen.RootElement.GetProperty("Digest").GetString());
        Assert.Equal(image.Digest, await HashAsync(Path.Combine(folder, "manifest.json")));
        var layer = Assert.Single(seen.RootElement.GetProperty("Layers").EnumerateArray()).GetString()!;
        Assert.Equal(layer, await HashAsync(Path.Combine(folder, layer["sha256:".Length..])));
        Assert.Equal(compress, layer != image.DiskDigest);
        Assert.Equal("amd64", seen.RootElement.GetProperty("Architecture").GetString());
    }

    [RequiresTheory(Need.Registry, Need.Skopeo)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_that_another_client_copied_into_a_registry_launches(bool compress)
    {
        var image = await PublishAsync("first", compress);
        await Command.RunAsync("skopeo", ["copy", "--src-tls-verify=false", "--dest-tls-verify=false", Source("first:1"), $"docker://{Registry.Address}/{Namespace}/second:2"]);

        var received = await There.Site.Marketplaces.ReceiveAsync("lab/second:2");

        Assert.Equal(("second:2", image.Digest, image.DiskDigest), (received.Reference, received.Digest, received.DiskDigest));
        await LaunchAsync(There, "second:2");
    }

    [RequiresTheory(Need.Registry, Need.Skopeo)]
    [InlineData(false, "third:3")]
    [InlineData(true, "third:3")]
    [InlineData(false, "any-tag")]
    public async Task An_image_that_another_client_copied_into_the_store_launches(bool compress, string tag)
    {
        var image = await PublishAsync("first", compress);
        await There.Site.Images.RemoveAsync((await There.PublishAsync()).Reference);
        await Command.RunAsync("skopeo", ["copy", "--src-tls-verify=false", Source("first:1"), $"oci:{Path.Combine(There.Site.Folder, "images")}:{tag}"]);

        var found = Assert.Single(await There.Site.Images.ListAsync().ToListAsync());

        Assert.Equal((tag == "any-tag" ? "first:1" : tag, image.Digest), (found.Reference, found.Digest));
        await LaunchAsync(There, found.Reference);
        await There.Site.Images.RemoveAsync(found.Reference);
        Assert.Empty(await There.Site.Images.ListAsync().ToListAsync());
    }

    [RequiresTheory(Need.Registry, Need.Skopeo)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_that_another_client_copied_into_a_folder_is_taken_from_there_and_launches(bool compress)
    {
        var image = await PublishAsync("first", compress);
        var folder = Path.Combine(Path.GetDirectoryName(There.Site.Folder)!, "copy");
        await Command.RunAsync("skopeo", ["copy", "--src-tls-verify=false", Source("first:1"), $"oci:{folder}:any-tag"]);

        var taken = await There.Site.Images.ImportAsync(folder, "any-tag", "fourth");

        Assert.Equal(("fourth:1", image.Digest, image.DiskDigest), (taken.Reference, taken.Digest, taken.DiskDigest));
        Assert.Equal(image.Digest, (await There.Site.Images.ImportAsync(folder, null, "fourth", "2")).Digest);
        Directory.Delete(folder, recursive: true);
        await LaunchAsync(There, "fourth:1");
    }

    private static async Task LaunchAsync(TestSite test, string image)
    {
        await test.AddHostsAsync(1);
        Assert.Null(Assert.Single(await test.CreateAsync("a", null, s => s with { Image = image })).Error);
    }

    private static async Task<string> HashAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return $"sha256:{Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(file))}";
    }

    private string Source(string image) => $"docker://{Registry.Address}/{Namespace}/{image}";

    private async Task<StratusImage> PublishAsync(string name, bool compress)
    {
        var path = Path.Combine(Path.GetDirectoryName(Here.Site.Folder)!, "disk.raw");
        TestDisk.WriteRaw(path, 1, seed: 7);
        var image = await Here.Site.Images.PublishAsync(new ImagePublication { Path = path, Name = name, Version = "1", Compress = compress });
        await Here.Site.Marketplaces.PublishAsync(image.Reference, "lab");
        return image;
    }
}

using StratusLab.Core;
using StratusLab.Rig.Requirements;

namespace StratusLab.Sdk.Tests;

[Collection("marketplaces")]
public sealed class MarketplaceRoundTripTests(RegistryFixture fixture) : MarketplaceTest(fixture)
{
    [RequiresTheory(Need.Registry)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_is_published_found_and_received_as_it_was(bool compress)
    {
        var path = WriteDisk();
        var published = await Here.Site.Images.PublishAsync(new ImagePublication
        {
            Path = path, Name = "debian", Version = "12", DefaultUser = "debian", Title = "Debian 12", Compress = compress, InboundPorts = [22],
            Labels = new Dictionary<string, string> { ["tier"] = "gold" },
        });
        var told = new List<TransferProgress>();

        await Here.Site.Marketplaces.PublishAsync("debian:12", "lab", isLatest: true, new Told(told));

        Assert.Equal(published.StoredSize.Bytes, told[^1].Done.Bytes, 2000d);
        Assert.Equal("lab", told[^1].Host);
        var found = Assert.Single(await FindAsync(There));
        Assert.Equal(("lab", "debian", "12", published.Digest, "lab/debian:12"), (found.Marketplace, found.Name, found.Version, found.Digest, found.Reference));
        Assert.Equal(["12", "latest"], found.Tags);
        Assert.Equal(["lab/debian:12", "lab/debian:latest"], await There.Site.Marketplaces.ListSeenAsync());
        Assert.False(found.IsLocal);

        var received = await There.Site.Marketplaces.ReceiveAsync("lab/debian");
        Assert.Equal(published, received);
        Assert.Equal(published.DiskDigest, received.DiskDigest);
        Assert.Equal([22], received.InboundPorts);
        Assert.Equal(received, await There.Site.Images.GetAsync("debian:12"));
        await VerifyAsync(There, received);
        Assert.Equal(2, (await FindAsync(There)).Count(f => f.IsLocal));

        await There.AddHostsAsync(1);
        var vm = Assert.Single(await There.CreateAsync("a", null, s => s with { Image = "debian" }));
        Assert.Null(vm.Error);

        await There.Site.Images.RemoveAsync("debian:12");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(There.Site.Folder, "images", "blobs", "sha256")));
    }

    private string WriteDisk()
    {
        var path = Path.Combine(Path.GetDirectoryName(Here.Site.Folder)!, "disk.raw");
        TestDisk.WriteRaw(path, 2, seed: 5);
        return path;
    }

    private sealed class Told(List<TransferProgress> told) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
            lock (told) told.Add(value);
        }
    }
}

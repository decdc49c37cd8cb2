using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class HostImageTests : IAsyncLifetime
{
    private static readonly DeleteOptions AtOnce = new() { Force = true, ShutdownTimeout = TimeSpan.Zero };
    private TestSite _test = null!;

    public async Task InitializeAsync() => _test = await TestSite.OpenAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, "ImageNotOnHost")]
    public async Task An_image_that_another_evicts_before_the_launch_is_sent_again_a_few_times(int times, string? error)
    {
        await _test.AddHostsAsync(1);
        await _test.PublishAsync();
        _test.FaultsOf(1).RemoveImages = times;
        var created = Assert.Single(await _test.CreateAsync("atlas", 1));
        Assert.Equal(error, created.Error?.ErrorId);
        Assert.Empty(await _test.OpenEntriesAsync());
    }

    [Fact]
    public async Task A_disk_that_only_a_host_has_goes_from_there_to_the_next()
    {
        await _test.AddHostsAsync(2);
        var image = await _test.PublishAsync();
        await _test.Site.HostImages.EnsureAsync("node1", image);
        File.Delete(Path.Combine(_test.Site.Folder, "images", "blobs", "sha256", image.DiskDigest["sha256:".Length..]));

        Assert.True((await _test.Site.HostImages.EnsureAsync("node2", image)).WasSent);
        Assert.True((await _test.Site.HostImages.VerifyAsync("node2", image.DiskDigest)).IsIntact);
        var hosts = await _test.Site.Hosts.ListAsync().ToListAsync();
        Assert.Equal(["node1", "node2"], (await _test.Site.HostImages.ListAsync(hosts).ToListAsync()).Select(i => i.Host).Order(StringComparer.Ordinal));

        foreach (var host in hosts) await _test.Site.HostImages.RemoveAsync(host.Name, image.DiskDigest);
        var error = await Assert.ThrowsAsync<StratusException>(() => _test.Site.HostImages.EnsureAsync("node2", image));
        Assert.Equal("ImageContentMissing", error.ErrorId);
        Assert.Contains("No host", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_disk_on_a_host_refuses_launches_until_it_is_removed_there()
    {
        await _test.AddHostsAsync(1);
        var image = await _test.PublishAsync();
        var before = Assert.Single(await _test.CreateAsync("before", 1)).Vm!;
        _test.FaultsOf(1).DamagedDisk = image.DiskDigest;
        for (var i = 0; i < 2; i++) Assert.Equal("ImageDamagedOnHost", Assert.Single(await _test.CreateAsync("refused", 1)).Error?.ErrorId);
        Assert.False((await _test.Site.HostImages.VerifyAsync("node1", image.DiskDigest)).IsIntact);

        await _test.Site.HostImages.RemoveAsync("node1", image.DiskDigest);
        Assert.Null(Assert.Single(await _test.CreateAsync("after", 1)).Error);
        await _test.Site.Vms.RemoveAsync([before.Id], AtOnce).ToListAsync();
    }

    [Fact]
    public async Task A_host_that_cannot_be_asked_does_not_hide_the_images_of_the_others()
    {
        await _test.AddHostsAsync(2);
        var image = await _test.PublishAsync();
        await _test.Site.HostImages.EnsureAsync("node2", image);
        _test.FaultsOf(1).IsUnreachable = true;
        var hosts = await _test.Site.Hosts.ListAsync().ToListAsync();
        List<StratusException> errors = [];
        var found = Assert.Single(await _test.Site.HostImages.ListAsync(hosts, errors.Add).ToListAsync());
        Assert.Equal(("node2", image.DiskDigest, 0), (found.Host, found.DiskDigest, found.UseCount));
        Assert.Equal([image.Reference], found.Images);
        Assert.Equal("HostUnreachable", Assert.Single(errors).ErrorId);
    }

    [Fact]
    public async Task Images_that_can_be_evicted_do_not_stand_in_the_way_of_placement()
    {
        const string Uri = "sim://small?cpu=8&memory=8GB&storage=40MB";
        await _test.Site.Hosts.AddAsync(new HostDefinition { Name = "small", Uri = Uri });
        var old = await _test.PublishAsync("older", megabytes: 14);
        await _test.PublishAsync("new", megabytes: 14);
        await _test.Site.HostImages.EnsureAsync("small", old);
        var specification = new VmSpecification { Image = "new", Names = ["fits"], Cpu = 1, Memory = ByteSize.FromMiB(64), SshKeys = [] };
        Assert.Equal("NoCapacity", Assert.Single((await _test.Site.Vms.PlanAsync(specification)).Refused).Error.ErrorId);

        await _test.Site.Hosts.SetAsync("small", new HostChange { ImageCacheLimit = ByteSize.FromMiB(20) });
        var plan = await _test.Site.Vms.PlanAsync(specification);
        Assert.Empty(plan.Refused);
        Assert.Null((await _test.Site.Vms.CreateAsync(plan.Vms).SingleAsync()).Error);
    }
}

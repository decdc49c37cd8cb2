using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class HostRegistryTests : IAsyncLifetime
{
    private TestSite _test = null!;

    private HostRegistry Hosts => _test.Site.Hosts;

    public async Task InitializeAsync() => _test = await TestSite.OpenAsync();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Theory]
    [InlineData("node1", "nosuch://x", "UnknownScheme")]
    [InlineData("node1", "", "InvalidHostUri")]
    [InlineData("node1", "just words", "InvalidHostUri")]
    [InlineData("node1", "sim://box1?nonsense=1", "InvalidHostUri")]
    [InlineData("no/de", "sim://box1", "InvalidName")]
    public async Task Bad_names_and_uris_are_refused_and_nothing_is_stored(string name, string uri, string id)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => Hosts.AddAsync(new HostDefinition { Name = name, Uri = uri }));
        Assert.Equal(id, error.ErrorId);
        Assert.Empty(await Hosts.ListAsync().ToListAsync());
    }

    [Fact]
    public async Task A_password_in_a_uri_is_refused_and_not_shown()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => Hosts.AddAsync(new HostDefinition { Name = "n", Uri = "sim://root:hunter2@box" }));
        Assert.Equal("SecretInUri", error.ErrorId);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(65, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, 5)]
    public async Task Ratios_out_of_range_are_refused(double cpu, double memory)
    {
        var host = new HostDefinition { Name = "n", Uri = "sim://box", CpuOvercommit = cpu, MemoryOvercommit = memory };
        Assert.Equal("InvalidOvercommit", (await Assert.ThrowsAsync<InvalidInputException>(() => Hosts.AddAsync(host))).ErrorId);
    }

    [Fact]
    public async Task The_room_for_images_is_kept_changed_and_lifted()
    {
        await Hosts.AddAsync(new HostDefinition { Name = "n", Uri = "sim://box", ImageCacheLimit = ByteSize.FromGiB(20) });
        Assert.Equal(ByteSize.FromGiB(20), (await Hosts.GetAsync("n")).ImageCacheLimit);
        await Hosts.SetAsync("n", new HostChange { CpuOvercommit = 2 });
        Assert.Equal(ByteSize.FromGiB(20), (await Hosts.GetAsync("n")).ImageCacheLimit);
        await Hosts.SetAsync("n", new HostChange { ImageCacheLimit = ByteSize.FromGiB(30) });
        Assert.Equal(ByteSize.FromGiB(30), (await Hosts.GetAsync("n")).ImageCacheLimit);
        await Hosts.SetAsync("n", new HostChange { ImageCacheLimit = ByteSize.Zero });
        Assert.Null((await Hosts.GetAsync("n")).ImageCacheLimit);
        var none = new HostDefinition { Name = "m", Uri = "sim://other", ImageCacheLimit = ByteSize.Zero };
        Assert.Equal("InvalidImageCacheLimit", (await Assert.ThrowsAsync<InvalidInputException>(() => Hosts.AddAsync(none))).ErrorId);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_not_registered()
    {
        await Assert.ThrowsAsync<HostConnectionException>(() => Hosts.AddAsync(new HostDefinition { Name = "n", Uri = "sim://box?unreachable=true" }));
        Assert.Equal("HostNotFound", (await Assert.ThrowsAsync<StratusException>(() => Hosts.GetAsync("n"))).ErrorId);
    }

    [Fact]
    public async Task One_machine_is_registered_once()
    {
        await Hosts.AddAsync(new HostDefinition { Name = "first", Uri = "sim://box" });
        foreach (var again in new[] { ("FIRST", "sim://other"), ("second", "sim://box"), ("third", "sim://box?cpu=64") })
        {
            var error = await Assert.ThrowsAsync<StratusException>(() => Hosts.AddAsync(new HostDefinition { Name = again.Item1, Uri = again.Item2 }));
            Assert.Equal("HostAlreadyExists", error.ErrorId);
            Assert.Contains("'first'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Changes_are_kept_and_a_pool_or_ratio_that_is_wrong_is_not()
    {
        await _test.AddHostsAsync(1);
        var changed = await Hosts.SetAsync("node1", new HostChange { Labels = new Dictionary<string, string> { ["gpu"] = "a100" }, CpuOvercommit = 1 });
        Assert.Equal((1.0, "a100", 1.0), (changed.CpuOvercommit, changed.Labels["gpu"], changed.MemoryOvercommit));

        await Assert.ThrowsAsync<InvalidInputException>(() => Hosts.SetAsync("node1", new HostChange { MemoryOvercommit = 9 }));
        await Assert.ThrowsAsync<InvalidInputException>(() => Hosts.SetAsync("node1", new HostChange { Pool = "a/b" }));
        var kept = await Hosts.GetAsync("node1");
        Assert.Equal((1.0, 1.0, "default", "a100"), (kept.CpuOvercommit, kept.MemoryOvercommit, kept.Pool, kept.Labels["gpu"]));
    }

    [Fact]
    public async Task A_host_with_vms_is_kept_unless_forced_and_its_vms_are_never_touched()
    {
        await _test.AddHostsAsync(1);
        await _test.PublishAsync();
        await _test.CreateAsync("atlas", 2);

        var error = await Assert.ThrowsAsync<StratusException>(() => Hosts.RemoveAsync("node1"));
        Assert.Equal("HostInUse", error.ErrorId);
        Assert.Contains("2 of our VMs", error.Message, StringComparison.Ordinal);

        await Hosts.RemoveAsync("node1", force: true);
        await _test.AddHostsAsync(1);
        Assert.Equal(2, (await _test.ListAsync()).Count);
    }

    [Fact]
    public async Task An_unreachable_host_is_a_status_and_a_failed_check()
    {
        await _test.AddHostsAsync(1);
        _test.FaultsOf(1).IsUnreachable = true;

        var status = await Hosts.InspectAsync("node1");
        Assert.Equal(HostHealth.Unreachable, status.Health);
        Assert.False(string.IsNullOrEmpty(status.Problem));
        Assert.Equal(CheckResult.Failed, Assert.Single(await Hosts.TestAsync("node1").ToListAsync()).Result);
    }
}

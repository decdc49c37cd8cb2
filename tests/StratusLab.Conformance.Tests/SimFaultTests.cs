using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Sim;
using Xunit;

namespace StratusLab.Conformance.Tests;

/// <summary>What only a simulated host does: go wrong when it is told to.</summary>
public sealed class SimFaultTests
{
    private readonly SimProviderFactory _factory = new();
    private readonly MemoryCallJournal _calls = new();

    [Fact]
    public async Task Host_that_is_full_takes_no_more_and_says_of_what()
    {
        var provider = Open("sim://full?memory=256MB&without=images");
        var outcomes = await CreateAsync(provider, "a", "b", "c");
        Assert.Equal(2, outcomes.Count(outcome => outcome.Succeeded));
        var error = outcomes.Single(outcome => !outcome.Succeeded).Error!;
        Assert.Equal(StratusErrorKind.NoCapacity, error.Kind);
        Assert.Contains("memory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Image_for_which_there_is_no_room_is_refused()
    {
        var provider = (IImageHost)Open("sim://small?storage=1MB");
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => provider.EnsureImageAsync(MemoryImage.Random(2 << 20)));
        Assert.Equal(StratusErrorKind.NoCapacity, error.Kind);
    }

    [Fact]
    public async Task Lost_reply_leaves_the_VM_that_was_asked_for()
    {
        const string Uri = "sim://lossy?without=images";
        var provider = Open(Uri);
        var request = Request("a");
        _factory.FaultsOf(Uri).DropAfter(0);
        var lost = Assert.IsType<HostConnectionException>(Assert.Single(await CreateAsync(provider, request)).Error);
        Assert.Equal(RequestState.Sent, lost.RequestState);
        Assert.Equal(request.RequestId, Assert.Single(await CreateAsync(provider, request)).Vm?.RequestId);
        Assert.Equal(1, (await provider.InspectAsync()).VmCount);
    }

    [Fact]
    public async Task Names_that_match_fail_and_others_do_not()
    {
        var outcomes = await CreateAsync(Open("sim://faulty?without=images&fail-create=bad-*"), "bad-1", "good-1", "bad-2");
        Assert.Equal("good-1", outcomes.Single(outcome => outcome.Succeeded).Vm?.Name);
    }

    [Fact]
    public async Task Host_comes_back_with_its_VMs()
    {
        const string Uri = "sim://away?without=images";
        var provider = Open(Uri);
        await CreateAsync(provider, "a");
        _factory.FaultsOf(Uri).IsUnreachable = true;
        await Assert.ThrowsAsync<HostConnectionException>(() => provider.InspectAsync());
        _factory.FaultsOf(Uri).IsUnreachable = false;
        Assert.Equal(1, (await provider.InspectAsync()).VmCount);
    }

    [Fact]
    public async Task Guest_that_ignores_ACPI_is_removed_only_by_force()
    {
        var provider = Open("sim://deaf?without=images&acpi=ignore");
        var vm = Assert.Single(await CreateAsync(provider, "a")).Id!.Value;
        var options = new DeleteOptions { ShutdownTimeout = TimeSpan.FromMilliseconds(20) };
        Assert.Equal(StratusErrorKind.Timeout, (await DeleteAsync(provider, vm, options)).Error?.Kind);
        Assert.Null((await DeleteAsync(provider, vm, options with { Force = true })).Error);
        Assert.Equal(0, (await provider.InspectAsync()).VmCount);
    }

    [Fact]
    public async Task Guest_without_DHCP_and_agent_never_has_an_address()
    {
        var provider = Open("sim://mute?without=images&dhcp=ignore&agent=ignore&boot=1ms");
        var vm = Assert.Single(await CreateAsync(provider, "a")).Id!.Value;
        await Poll.UntilAsync("the boot", async cancel =>
        {
            await using var log = await ((IConsoleHost)provider).OpenConsoleLogAsync(vm, cancel);
            return (await new StreamReader(log).ReadToEndAsync(cancel)).Contains("login:", StringComparison.Ordinal);
        });
        var report = await ((IAddressSource)provider).FindAddressesAsync(vm);
        Assert.Empty(report.Addresses);
        Assert.Equal(3, report.Missing.Count);
    }

    [Fact]
    public async Task Slow_host_can_be_left()
    {
        using var stop = new CancellationTokenSource();
        var waiting = Open("sim://slow?slow=1h").InspectAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Other_factory_knows_nothing_of_a_host()
    {
        await CreateAsync(Open("sim://mine?without=images"), "a");
        var other = new SimProviderFactory().Create(new HostDefinition { Name = "h", Uri = "sim://mine?without=images" }, _calls);
        Assert.Equal(0, (await other.InspectAsync()).VmCount);
    }

    private static VmRequest Request(string name)
    {
        var image = MemoryImage.Random(4096).Descriptor;
        return new VmRequest
        {
            RequestId = Guid.NewGuid(), Name = name, Image = image, Cpu = 1, Memory = ByteSize.FromMiB(128), Owner = "o", Site = "s", CreatedAt = DateTimeOffset.UnixEpoch,
        };
    }

    private static Task<List<VmOutcome>> CreateAsync(IComputeProvider provider, params string[] names) => CreateAsync(provider, [.. names.Select(Request)]);

    private static async Task<List<VmOutcome>> CreateAsync(IComputeProvider provider, params VmRequest[] requests)
    {
        List<VmOutcome> outcomes = [];
        await foreach (var outcome in provider.CreateAsync(requests)) outcomes.Add(outcome);
        return outcomes;
    }

    private static async Task<VmOutcome> DeleteAsync(IComputeProvider provider, VmId vm, DeleteOptions options)
    {
        List<VmOutcome> outcomes = [];
        await foreach (var outcome in provider.DeleteAsync([vm], options)) outcomes.Add(outcome);
        return Assert.Single(outcomes);
    }

    private IComputeProvider Open(string uri) => _factory.Create(new HostDefinition { Name = "h", Uri = uri }, _calls);
}

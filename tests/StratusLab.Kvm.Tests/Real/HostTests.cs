using StratusLab.Core;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

[Collection("kvm host")]
public sealed class HostTests(KvmHost host)
{
    [RequiresFact(Need.LibvirtHost)]
    public async Task Inspection_tells_capacity_identity_and_versions()
    {
        await using var provider = host.Connect(accelerator: Accelerator.Auto);
        var status = await provider.InspectAsync();
        Assert.Equal(HostHealth.Ready, status.Health);
        Assert.True(Guid.TryParse(status.MachineId, out _));
        Assert.StartsWith("QEMU ", status.Hypervisor, StringComparison.Ordinal);
        Assert.StartsWith("libvirt ", status.Manager, StringComparison.Ordinal);
        Assert.True(status.Cpu > 0 && status.Memory > ByteSize.FromMiB(512) && status.Storage > status.StorageFree);
        Assert.Equal(Accelerator.Tcg, status.Accelerator);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Every_check_has_a_finding_and_every_trouble_a_remedy()
    {
        await using var provider = host.Connect(accelerator: Accelerator.Auto);
        var checks = await provider.CheckAsync().ToListAsync();
        Assert.DoesNotContain(checks, c => c.Result == CheckResult.Failed);
        Assert.All(checks, c => Assert.True(c.Result is CheckResult.Passed or CheckResult.Skipped || c.Remedy is { Length: > 0 }, c.ToString()));
        Assert.Equal(CheckResult.Warning, checks.Single(c => c.Name == "Accelerator").Result);
        Assert.Equal(CheckResult.Passed, checks.Single(c => c.Name == "Storage pool").Result);
        Assert.DoesNotContain("stratus-check", await host.Host.VirshAsync("vol-list", "default"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_there_fails_one_check_and_skips_the_rest()
    {
        await using var provider = host.Connect("qemu+unix:///system?socket=/nowhere/libvirt-sock");
        var checks = await provider.CheckAsync().ToListAsync();
        Assert.Equal(CheckResult.Failed, checks[0].Result);
        Assert.All(checks.Skip(1), c => Assert.Equal(CheckResult.Skipped, c.Result));
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => provider.InspectAsync());
        Assert.Equal("HostUnreachable", error.ErrorId);
        Assert.Equal(RequestState.NotSent, error.RequestState);
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task After_libvirtd_was_killed_the_next_call_connects_again()
    {
        await using var provider = host.Connect();
        await provider.InspectAsync();
        await host.Host.KillLibvirtdAsync();
        await Assert.ThrowsAsync<HostConnectionException>(() => provider.InspectAsync());
        await host.Host.StartLibvirtdAsync();
        Assert.Equal(HostHealth.Ready, (await provider.InspectAsync()).Health);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_call_that_is_never_answered_is_given_up_and_said_to_be_in_doubt()
    {
        const int DomainSuspend = 34;
        await using var provider = host.Connect();
        await provider.EnsureImageAsync(host.Micro);
        var id = (await provider.CreateAsync([host.Request("unheard")]).SingleAsync()).Id!.Value;
        await using (var proxy = new LibvirtProxy(host.Host.Socket, Path.Combine(host.Host.Folder, "unheard")))
        {
            proxy.OnCall = (header, _) => new(header.Procedure == DomainSuspend ? PacketVerdict.Drop : PacketVerdict.Forward);
            await using var connection = new HostConnection(
                new HostDefinition { Name = "node", Uri = proxy.Uri }, Libvirt.LibvirtUri.Parse(proxy.Uri)) { Patience = TimeSpan.FromSeconds(5) };
            var power = new VmPower(connection);
            var outcome = await power.ChangeAsync([id], PowerAction.Suspend, CancellationToken.None).SingleAsync();
            var error = Assert.IsType<HostConnectionException>(outcome.Error);
            Assert.Equal(("HostNotAnswering", RequestState.Sent), (error.ErrorId, error.RequestState));
        }

        await provider.DeleteAsync([id], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }).ToListAsync();
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task An_agent_that_stops_in_mid_answer_does_not_keep_the_other_sources_from_being_told()
    {
        const int DomainInterfaceAddresses = 353;
        await using var direct = host.Connect();
        await direct.EnsureImageAsync(host.Micro);
        var id = (await direct.CreateAsync([host.Request("half-answered")]).SingleAsync()).Id!.Value;
        await using (var proxy = new LibvirtProxy(host.Host.Socket, Path.Combine(host.Host.Folder, "agent")))
        {
            // The second of the three questions is the one for the agent.
            var asked = 0;
            proxy.OnCall = (header, _) => new(
                header.Procedure == DomainInterfaceAddresses && Interlocked.Increment(ref asked) == 2 ? PacketVerdict.Drop : PacketVerdict.Forward);
            await using var provider = host.Connect(proxy.Uri);
            var report = await provider.FindAddressesAsync(id).WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Contains(report.Missing, m => m.Contains("agent", StringComparison.Ordinal));
        }

        await direct.DeleteAsync([id], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }).ToListAsync();
    }

    [Theory]
    [InlineData("qemu://")]
    [InlineData("qemu+ext:///system")]
    [InlineData("nonsense")]
    public void A_uri_that_cannot_be_used_is_refused_before_any_connection(string uri) =>
        Assert.Equal("InvalidHostUri", Assert.Throws<InvalidInputException>(() => host.Connect(uri)).ErrorId);
}

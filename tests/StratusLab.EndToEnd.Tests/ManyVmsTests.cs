using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using StratusLab.Sdk;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>The main job over two real hosts.</summary>
[Collection(HostCollection.Name)]
public sealed class ManyVmsTests(TwoHosts hosts)
{
    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Twenty_vms_are_spread_seen_from_another_site_and_removed_without_remains()
    {
        await using var test = await TestSite.OpenAsync([.. hosts.Hosts.Select(host => host.Uri)]);
        await test.PublishMicroAsync();

        var vms = await test.CreateAsync(new VmSpecification
        {
            Image = "micro:1",
            Names = VmNaming.Expand("atlas", 20),
            Cpu = 1,
            Memory = ByteSize.FromMiB(128),
            Placement = PlacementPolicy.Spread,
        });

        Assert.Equal(20, vms.Count);
        Assert.Equal([10, 10], vms.GroupBy(vm => vm.Host).Select(group => group.Count()));
        Assert.All(vms, vm => Assert.False(string.IsNullOrEmpty(vm.PlacementReason)));

        await using var other = await TestSite.OpenAsync([.. hosts.Hosts.Select(host => host.Uri)]);
        var seen = await other.ListAsync("atlas-*");
        Assert.Equal(vms.Select(vm => (vm.Name, vm.RequestId, vm.Owner, vm.ImageDigest)).Order(), seen.Select(vm => (vm.Name, vm.RequestId, vm.Owner, vm.ImageDigest)).Order());

        await test.RemoveAsync(await test.ListAsync("atlas-*"));
        foreach (var host in hosts.Hosts)
        {
            var (domains, volumes) = await TestSite.LeftOnAsync(host);
            Assert.Empty(domains);
            Assert.Empty(volumes);
        }

        Assert.Equal(0, await test.CountOpenIntentsAsync());
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_daemon_that_dies_in_mid_call_is_a_clear_error_and_the_next_call_reconnects()
    {
        var host = hosts.Host;
        await using var proxy = new LibvirtProxy(host.Socket, Path.Combine(host.Folder, "wire"));
        await using var test = await TestSite.OpenAsync(proxy.Uri);
        await test.PublishMicroAsync();
        var vm = Assert.Single(await test.CreateAsync(new VmSpecification { Image = "micro:1", Names = ["lasting"], Cpu = 1, Memory = ByteSize.FromMiB(128) }));

        // Stopped, it takes the call without answering it; then it dies.
        var pid = (await File.ReadAllTextAsync(Path.Combine(host.Folder, "run", "libvirtd.pid"))).Trim();
        await host.RunAsync("kill", ["-STOP", pid]);
        proxy.ResetCounts();
        var call = test.Site.Vms.UpdateAsync(vm.Id, new VmChange { Labels = new Dictionary<string, string> { ["a"] = "b" } });
        await Poll.UntilAsync("the call to be on its way", () => proxy.Calls.Count > 0);
        await host.KillLibvirtdAsync();
        var error = await Assert.ThrowsAsync<HostConnectionException>(() => call);
        Assert.Equal(RequestState.Sent, error.RequestState);
        Assert.Contains("host1", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);

        await host.StartLibvirtdAsync();
        Assert.Equal("lasting", Assert.Single(await test.ListAsync()).Name);
        await test.RemoveAsync(await test.ListAsync());
    }
}

using System.Text;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

[Collection("kvm host")]
public sealed class VmLifecycleTests(KvmHost host)
{
    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_vm_is_created_reached_and_removed_without_a_trace()
    {
        await using var provider = host.Connect();
        var sent = await provider.EnsureImageAsync(host.Micro);
        var again = await provider.EnsureImageAsync(host.Micro);
        Assert.False(again.WasSent);
        Assert.Equal(host.Micro.Descriptor.DiskDigest, sent.DiskDigest);

        var request = host.Request("life-1") with
        {
            Labels = new Dictionary<string, string> { ["role"] = "a <b> & \"c\"" },
            ExpiresAt = DateTimeOffset.UtcNow.AddDays(1),
            PlacementReason = "the only host",
            Size = "tiny",
        };
        var outcome = await provider.CreateAsync([request]).SingleAsync();
        Assert.True(outcome.Succeeded, outcome.Error?.ToString());
        var id = outcome.Id!.Value;
        Assert.Equal(provider.IdentityOf(request.RequestId), id);

        var vm = await provider.ListAsync(new VmQuery { Names = ["life-1"] }).SingleAsync();
        Assert.Equal(VmState.Running, vm.State);
        Assert.Equal(request.RequestId, vm.RequestId);
        Assert.Equal("a <b> & \"c\"", vm.Labels["role"]);
        Assert.Equal("micro:1", vm.Image);
        Assert.Equal("tester@test", vm.Owner);
        Assert.Equal(ByteSize.FromMiB(128), vm.Memory);
        Assert.Equal(ByteSize.FromMiB(128), vm.Disk);

        await Poll.UntilAsync("the agent", ct => provider.IsAgentReadyAsync(id, ct), TimeSpan.FromSeconds(120));
        await Poll.UntilAsync("an address", async ct => (await provider.FindAddressesAsync(id, ct)).Addresses.Count > 0);
        var report = await provider.FindAddressesAsync(id);
        Assert.Equal(report.Addresses[0], (await provider.ListAsync(new VmQuery { Keys = [id.Key] }).SingleAsync()).IPAddress);

        var result = await provider.ExecuteAsync(id, new GuestProcess("/bin/sh", ["-c", "hostname; cat; exit 3"], "hello"u8.ToArray()));
        Assert.Equal(3, result.ExitCode);
        Assert.Equal("life-1\nhello", Encoding.UTF8.GetString(result.Output.Span));

        var log = await ReadLogAsync(provider, id);
        Assert.Contains("host name life-1", log, StringComparison.Ordinal);

        var removed = await provider.DeleteAsync([id], new DeleteOptions { ShutdownTimeout = TimeSpan.FromSeconds(60) }).SingleAsync();
        Assert.True(removed.Succeeded, removed.Error?.ToString());
        var (domains, volumes) = await host.LeftAsync();
        Assert.DoesNotContain("life-1", domains);
        Assert.DoesNotContain(volumes, v => v.Contains(id.Key, StringComparison.Ordinal));
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_guest_whose_lease_is_not_written_down_is_listed_with_its_address()
    {
        await using var provider = host.Connect();
        await provider.EnsureImageAsync(host.Micro);
        var outcome = await provider.CreateAsync([host.Request("unwritten")]).SingleAsync();
        Assert.Null(outcome.Error);
        var id = outcome.Id!.Value;
        var query = new VmQuery { Keys = [id.Key] };
        await Poll.UntilAsync("a lease", async ct => (await provider.ListAsync(query, ct).SingleAsync(ct)).IPAddress is not null, TimeSpan.FromSeconds(120));
        await Poll.UntilAsync("the agent", ct => provider.IsAgentReadyAsync(id, ct), TimeSpan.FromSeconds(120));
        var address = (await provider.ListAsync(query).SingleAsync()).IPAddress;

        // As in the moment between the guest's having its address and dnsmasq's writing it down, or on a network without DHCP.
        await host.Host.RunAsync("sh", ["-c", "echo '[]' > /var/lib/libvirt/dnsmasq/virbr0.status; ip neigh flush all"]);

        Assert.Equal(address, (await provider.ListAsync(query).SingleAsync()).IPAddress);
        Assert.Null((await provider.ChangePowerAsync([id], PowerAction.Suspend).SingleAsync()).Error);
        Assert.Equal(address, (await provider.ChangePowerAsync([id], PowerAction.Resume).SingleAsync()).Vm!.IPAddress);
        await provider.DeleteAsync([id], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }).ToListAsync();
    }

    private static async Task<string> ReadLogAsync(KvmProvider provider, VmId id)
    {
        await using var stream = await provider.OpenConsoleLogAsync(id);
        using var text = new MemoryStream();
        await stream.CopyToAsync(text);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}

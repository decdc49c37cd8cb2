using System.Text;
using StratusLab.Core;
using StratusLab.Rig;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>Copies of the disks of guests that hold files, off and on, undisturbed and cut off.</summary>
[Collection("kvm host")]
public sealed class DiskCopyTests(KvmHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly DeleteOptions AtOnce = new() { Force = true, ShutdownTimeout = TimeSpan.Zero };

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Copies_of_a_guest_that_runs_and_that_is_off_hold_its_files_and_change_nothing_of_it()
    {
        await using var provider = host.Connect();
        var source = await BootAsync(provider, host.Request("copied"));
        await RunAsync(provider, source, "echo kept > /data/proof; dd if=/dev/urandom of=/data/noise bs=1M count=20; sha256sum /data/noise > /data/sum; sync");

        var live = await BootAsync(provider, Copy("copy-live", source));
        Assert.Equal("kept\n/data/noise: OK\n", await RunAsync(provider, live, "cat /data/proof; sha256sum -c /data/sum"));
        Assert.Equal("thawed", await FreezeStatusAsync(source));
        await RunAsync(provider, source, "echo still writable > /data/later; sync");

        Assert.Null((await provider.ChangePowerAsync([source], PowerAction.PowerOff).SingleAsync()).Error);
        var cold = await BootAsync(provider, Copy("copy-cold", source));
        Assert.Equal("kept\nstill writable\n", await RunAsync(provider, cold, "cat /data/proof /data/later"));
        Assert.Equal(VmState.Stopped, (await provider.ListAsync(new VmQuery { Keys = [source.Key] }).SingleAsync()).State);

        // The copies stand by themselves.
        foreach (var volume in (await host.LeftAsync()).Volumes.Where(v => v.Contains(live.Key, StringComparison.Ordinal) && v.EndsWith(".qcow2", StringComparison.Ordinal)))
            Assert.DoesNotContain("<backingStore>", await host.Host.VirshAsync("vol-dumpxml", volume, "default"), StringComparison.Ordinal);
        await RemoveAsync(provider, source, live, cold);
        await AssertNothingLeftAsync();
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Copy_of_a_guest_that_is_suspended_leaves_it_so_and_two_copies_at_once_do_not_harm_it()
    {
        await using var provider = host.Connect();
        var source = await BootAsync(provider, host.Request("suspended"));
        await RunAsync(provider, source, "echo kept > /data/proof; sync");
        Assert.Null((await provider.ChangePowerAsync([source], PowerAction.Suspend).SingleAsync()).Error);

        var copy = await BootAsync(provider, Copy("copy-suspended", source));
        Assert.Equal("kept\n", await RunAsync(provider, copy, "cat /data/proof"));
        Assert.Equal(VmState.Suspended, (await provider.ListAsync(new VmQuery { Keys = [source.Key] }).SingleAsync()).State);
        Assert.Null((await provider.ChangePowerAsync([source], PowerAction.Resume).SingleAsync()).Error);

        // A disk has one mirror at a time: who comes second is told so, or comes after the first.
        var both = await provider.CreateAsync([Copy("twin-1", source), Copy("twin-2", source)]).ToListAsync();
        Assert.Contains(both, outcome => outcome.Succeeded);
        Assert.All(both.Where(outcome => !outcome.Succeeded), outcome => Assert.Equal("DiskInUse", outcome.Error!.ErrorId));
        await RemoveAsync(provider, [copy, .. both.Where(outcome => outcome.Succeeded).Select(outcome => outcome.Id!.Value)]);
        await AssertSourceUnharmedAsync(provider, source);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Copy_that_is_cancelled_while_the_guest_is_held_still_lets_it_go_and_leaves_nothing()
    {
        await using var direct = host.Connect();
        var source = await BootAsync(direct, host.Request("cancelled"));
        await using var proxy = NewProxy();
        using var stop = new CancellationTokenSource();

        // The last call of a copy ends the mirror: by then the guest is frozen.
        proxy.OnCall = (header, _) =>
        {
            if (header.Procedure == BlockJobAbort && header.Program == PacketHeader.RemoteProgram && !stop.IsCancellationRequested) stop.Cancel();
            return ValueTask.FromResult(PacketVerdict.Forward);
        };
        await using var provider = host.Connect(proxy.Uri);
        var request = Copy("never", source);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await provider.CreateAsync([request], stop.Token).ToListAsync());

        await Poll.UntilAsync("the guest to go on", async _ => await FreezeStatusAsync(source) == "thawed", Patience);
        Assert.Null((await direct.RecoverAsync([request]).SingleAsync()).Vm);
        await AssertSourceUnharmedAsync(direct, source);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Copy_cut_off_at_any_change_is_cleared_by_recovery_and_does_not_harm_its_source()
    {
        await using var direct = host.Connect();
        var source = await BootAsync(direct, host.Request("cut-source"));
        var steps = 0;
        await using (var counting = NewProxy())
        {
            counting.OnCall = (header, _) =>
            {
                if (IsChange(header)) Interlocked.Increment(ref steps);
                return ValueTask.FromResult(PacketVerdict.Forward);
            };
            await using var provider = host.Connect(counting.Uri);
            var counted = await provider.CreateAsync([Copy("counted", source)]).SingleAsync();
            Assert.Null(counted.Error);
            await RemoveAsync(direct, counted.Id!.Value);
        }

        Assert.True(steps >= 9, $"{steps} changes: volumes, a mirror, its end, a freeze, a thaw and a start at the least.");
        for (var step = 1; step <= steps; step++)
        {
            var seen = 0;
            await using var proxy = NewProxy();
            proxy.OnCall = (header, _) =>
            {
                if (IsChange(header)) Interlocked.Increment(ref seen);
                return ValueTask.FromResult(seen > step ? PacketVerdict.Cut : PacketVerdict.Forward);
            };
            var request = Copy($"cut-copy-{step}", source);
            await using (var provider = host.Connect(proxy.Uri))
            {
                try
                {
                    await provider.CreateAsync([request]).ToListAsync();
                }
                catch (StratusException)
                {
                    // Cut so early that nothing could be done at all.
                }
            }

            await using var next = host.Connect();
            var outcome = await next.RecoverAsync([request]).SingleAsync();
            Assert.Null(outcome.Error);
            if (outcome.Vm is { } vm) await RemoveAsync(next, vm.Id);
            Assert.Equal("thawed", await FreezeStatusAsync(source));
            Assert.DoesNotContain("<mirror", await host.Host.VirshAsync("dumpxml", source.Key), StringComparison.Ordinal);
            Assert.DoesNotContain((await host.LeftAsync()).Volumes, v => !v.Contains(source.Key, StringComparison.Ordinal));
        }

        await AssertSourceUnharmedAsync(direct, source);
    }

    private const int BlockJobAbort = 237;

    private static bool IsChange(PacketHeader header) =>
        header is { Type: PacketType.Call } && (header.Program != PacketHeader.RemoteProgram || !ReadingProcedures.Contains(header.Procedure));

    private VmRequest Copy(string name, VmId source) => host.Request(name) with { CopyDiskOf = source, IsIsolated = true };

    private LibvirtProxy NewProxy() => new(host.Host.Socket, Path.Combine(host.Host.Folder, $"p{Guid.NewGuid():N}"[..12]));

    private async Task<VmId> BootAsync(KvmProvider provider, VmRequest request)
    {
        await provider.EnsureImageAsync(host.Micro);
        var outcome = await provider.CreateAsync([request]).SingleAsync();
        Assert.True(outcome.Succeeded, outcome.Error?.ToString());
        await Poll.UntilAsync("the agent", ct => provider.IsAgentReadyAsync(outcome.Id!.Value, ct), Patience);
        return outcome.Id!.Value;
    }

    private static async Task<string> RunAsync(KvmProvider provider, VmId vm, string script)
    {
        var result = await provider.ExecuteAsync(vm, new GuestProcess("/bin/sh", ["-c", script]));
        Assert.True(result.ExitCode == 0, Encoding.UTF8.GetString(result.Error.Span));
        return Encoding.UTF8.GetString(result.Output.Span);
    }

    /// <summary>What virsh, which is not ours, is told by the guest's agent.</summary>
    private async Task<string> FreezeStatusAsync(VmId vm) =>
        (await host.Host.VirshAsync("qemu-agent-command", vm.Key, "{\"execute\":\"guest-fsfreeze-status\"}")).Split('"')[3];

    private async Task AssertSourceUnharmedAsync(KvmProvider provider, VmId source)
    {
        Assert.DoesNotContain("<mirror", await host.Host.VirshAsync("dumpxml", source.Key), StringComparison.Ordinal);
        Assert.Equal("written\n", await RunAsync(provider, source, "echo written > /data/after; sync; cat /data/after"));
        await RemoveAsync(provider, source);
        await AssertNothingLeftAsync();
    }

    private static async Task RemoveAsync(KvmProvider provider, params VmId[] vms)
    {
        await foreach (var outcome in provider.DeleteAsync(vms, AtOnce)) Assert.Null(outcome.Error);
    }

    private async Task AssertNothingLeftAsync()
    {
        var (domains, volumes) = await host.LeftAsync();
        Assert.Empty(domains);
        Assert.Empty(volumes);
    }
}

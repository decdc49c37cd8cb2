using StratusLab.Core;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>Cuts the connection at each call that changes the host, before it arrives and after it was carried out.</summary>
[Collection("kvm host")]
public sealed class InterruptionTests(KvmHost host)
{
    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_creation_cut_at_any_change_is_recovered_to_one_vm_or_none()
    {
        await using var direct = host.Connect();
        await direct.EnsureImageAsync(host.Micro);
        var request = host.Request("cut-count");
        var steps = await CountAsync(async proxy =>
        {
            await using var provider = host.Connect(proxy.Uri);
            Assert.True((await provider.CreateAsync([request]).SingleAsync()).Succeeded);
        });
        await RemoveAsync(direct, direct.IdentityOf(request.RequestId)!.Value);
        Assert.True(steps >= 6, $"{steps} changes");

        foreach (var afterIt in (bool[])[false, true])
        {
            for (var step = 1; step <= steps; step++)
            {
                var cut = host.Request($"cut-{step}-{(afterIt ? "after" : "before")}");
                await RunCutAsync(step, afterIt, async provider => await provider.CreateAsync([cut]).ToListAsync());

                await using var next = host.Connect();
                var outcome = await next.RecoverAsync([cut]).SingleAsync();
                Assert.Null(outcome.Error);
                var (domains, volumes) = await host.LeftAsync();
                if (outcome.Vm is { } vm)
                {
                    Assert.Equal(VmState.Running, vm.State);
                    Assert.Equal([cut.Name], domains);
                    Assert.Equal(3, volumes.Length);
                    await RemoveAsync(next, vm.Id);
                    (domains, volumes) = await host.LeftAsync();
                }

                Assert.DoesNotContain(domains, d => d.StartsWith("cut-", StringComparison.Ordinal) || d.StartsWith("undo-", StringComparison.Ordinal));
                Assert.Empty(volumes);
            }
        }
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_removal_cut_at_any_change_is_finished_by_asking_again()
    {
        await using var direct = host.Connect();
        await direct.EnsureImageAsync(host.Micro);
        var options = new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero };
        var counted = await CreateAsync(direct, "uncut");
        var steps = await CountAsync(async proxy =>
        {
            await using var provider = host.Connect(proxy.Uri);
            Assert.True((await provider.DeleteAsync([counted], options).SingleAsync()).Succeeded);
        });
        Assert.True(steps >= 5, $"{steps} changes");

        foreach (var afterIt in (bool[])[false, true])
        {
            for (var step = 1; step <= steps; step++)
            {
                var id = await CreateAsync(direct, $"undo-{step}-{(afterIt ? "after" : "before")}");
                await RunCutAsync(step, afterIt, async provider => await provider.DeleteAsync([id], options).ToListAsync());

                await using var next = host.Connect();
                Assert.Null((await next.DeleteAsync([id], options).SingleAsync()).Error);
                var (domains, volumes) = await host.LeftAsync();
                Assert.DoesNotContain(domains, d => d.StartsWith("cut-", StringComparison.Ordinal) || d.StartsWith("undo-", StringComparison.Ordinal));
                Assert.Empty(volumes);
            }
        }
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_guest_that_goes_off_just_before_it_is_asked_to_has_shut_down()
    {
        const int ShutdownFlags = 258;
        await using var direct = host.Connect();
        await direct.EnsureImageAsync(host.Micro);
        var id = await CreateAsync(direct, "cut-off");
        await using var proxy = new LibvirtProxy(host.Host.Socket, Path.Combine(host.Host.Folder, $"p{Guid.NewGuid():N}"[..12]));
        proxy.OnCall = async (header, cancel) =>
        {
            if (header is { Program: PacketHeader.RemoteProgram, Procedure: ShutdownFlags }) Assert.Null((await direct.ChangePowerAsync([id], PowerAction.PowerOff, cancel).SingleAsync(cancel)).Error);
            return PacketVerdict.Forward;
        };
        await using var provider = host.Connect(proxy.Uri);
        var outcome = await provider.ChangePowerAsync([id], PowerAction.Shutdown).SingleAsync();
        Assert.Equal(1, proxy.Count(ShutdownFlags));
        Assert.Null(outcome.Error);
        Assert.Equal(VmState.Stopped, outcome.Vm?.State);
        await RemoveAsync(direct, id);
    }

    private async Task<VmId> CreateAsync(KvmProvider provider, string name)
    {
        var outcome = await provider.CreateAsync([host.Request(name)]).SingleAsync();
        Assert.Null(outcome.Error);
        return outcome.Id!.Value;
    }

    private static async Task RemoveAsync(KvmProvider provider, VmId id) =>
        Assert.Null((await provider.DeleteAsync([id], new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero }).SingleAsync()).Error);

    private async Task<int> CountAsync(Func<LibvirtProxy, Task> work)
    {
        await using var proxy = new LibvirtProxy(host.Host.Socket, Path.Combine(host.Host.Folder, $"p{Guid.NewGuid():N}"[..12]));
        var changes = 0;
        proxy.OnCall = (header, _) =>
        {
            if (IsChange(header)) Interlocked.Increment(ref changes);
            return ValueTask.FromResult(PacketVerdict.Forward);
        };
        await work(proxy);
        return changes;
    }

    private async Task RunCutAsync(int step, bool afterIt, Func<KvmProvider, Task> work)
    {
        await using var proxy = new LibvirtProxy(host.Host.Socket, Path.Combine(host.Host.Folder, $"p{Guid.NewGuid():N}"[..12]));
        var seen = 0;
        uint? victim = null;
        proxy.OnCall = (header, _) =>
        {
            if (IsChange(header) && Interlocked.Increment(ref seen) == step)
            {
                if (!afterIt) return ValueTask.FromResult(PacketVerdict.Cut);
                victim = header.Serial;
            }

            return ValueTask.FromResult(seen > step ? PacketVerdict.Cut : PacketVerdict.Forward);
        };
        proxy.OnReply = (header, _) => ValueTask.FromResult(afterIt && victim == header.Serial ? PacketVerdict.Cut : PacketVerdict.Forward);
        await using var provider = host.Connect(proxy.Uri);
        try
        {
            await work(provider);
        }
        catch (StratusException)
        {
            // Cut so early that nothing could be done at all.
        }
    }

    private static bool IsChange(PacketHeader header) =>
        header is { Type: PacketType.Call, Program: PacketHeader.RemoteProgram } && !ReadingProcedures.Contains(header.Procedure);
}

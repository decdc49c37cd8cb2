using StratusLab.Core;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

/// <summary>The same request from two callers: one is stopped at each call that changes the host while the other does all of its work.</summary>
[Collection("kvm host")]
public sealed class SameRequestTests(KvmHost host)
{
    private const int DomainCreateXml = 10;
    private static readonly DeleteOptions AtOnce = new() { Force = true, ShutdownTimeout = TimeSpan.Zero };
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task Two_callers_make_one_vm_wherever_the_first_is_held_up()
    {
        await using var second = host.Connect();
        await second.EnsureImageAsync(host.Micro);
        var reached = true;
        for (var step = 1; reached; step++)
        {
            foreach (var afterIt in (bool[])[false, true])
            {
                var request = host.Request($"same-{step}-{(afterIt ? "after" : "before")}");
                (reached, var held) = await RunHeldAsync(step, afterIt, request, async () => AssertMade(await second.CreateAsync([request]).SingleAsync()));
                AssertMade(held);
                await AssertOneAsync(second, request, VmState.Running);
            }
        }
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_start_later_than_all_of_a_vms_life_is_undone()
    {
        await using var second = host.Connect();
        await second.EnsureImageAsync(host.Micro);
        var request = host.Request("off-again");
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var off = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<(bool Reached, VmOutcome Outcome)>? starting = null;

        // The late one makes its volumes after the other has looked for leftovers, so that it has disks to start from.
        var (_, made) = await RunHeldAsync(1, afterIt: false, request, async () =>
        {
            starting = RunHeldAsync(DomainCreateXml, request, () =>
            {
                late.SetResult();
                return off.Task.WaitAsync(Patience);
            });
            await late.Task.WaitAsync(Patience);
        });
        var vm = AssertMade(made);
        Assert.Null((await second.ChangePowerAsync([vm.Id], PowerAction.PowerOff).SingleAsync()).Error);
        off.SetResult();

        Assert.Equal(VmState.Stopped, AssertMade((await starting!).Outcome).State);
        await AssertOneAsync(second, request, VmState.Stopped);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_late_start_does_not_take_over_a_vm_that_was_made_and_stopped_meanwhile()
    {
        await using var second = host.Connect();
        await second.EnsureImageAsync(host.Micro);
        var request = host.Request("stopped");
        var (_, held) = await RunHeldAsync(DomainCreateXml, request, async () =>
        {
            var vm = AssertMade(await second.CreateAsync([request]).SingleAsync());
            Assert.Null((await second.ChangePowerAsync([vm.Id], PowerAction.PowerOff).SingleAsync()).Error);
        });
        Assert.Equal(VmState.Stopped, AssertMade(held).State);
        await AssertOneAsync(second, request, VmState.Stopped);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task A_vm_that_a_crash_left_held_runs_when_its_request_is_repeated()
    {
        await using var second = host.Connect();
        await second.EnsureImageAsync(host.Micro);
        var request = host.Request("left-held");
        await using (var proxy = NewProxy())
        {
            uint? start = null;
            proxy.OnCall = (header, _) =>
            {
                if (IsChange(header) && header.Procedure == DomainCreateXml) start = header.Serial;
                return new(PacketVerdict.Forward);
            };
            proxy.OnReply = (header, _) => new(header.Serial == start ? PacketVerdict.Cut : PacketVerdict.Forward);
            await using var first = host.Connect(proxy.Uri);
            Assert.IsType<HostConnectionException>((await first.CreateAsync([request]).SingleAsync()).Error);
        }

        Assert.Equal(VmState.Running, AssertMade(await second.CreateAsync([request]).SingleAsync()).State);
        await AssertOneAsync(second, request, VmState.Running);
    }

    [RequiresFact(Need.LibvirtHost, Need.MicroGuest)]
    public async Task One_that_is_suspended_stays_so_when_its_request_is_repeated()
    {
        await using var provider = host.Connect();
        await provider.EnsureImageAsync(host.Micro);
        var request = host.Request("suspended");
        var vm = AssertMade(await provider.CreateAsync([request]).SingleAsync());
        Assert.Null((await provider.ChangePowerAsync([vm.Id], PowerAction.Suspend).SingleAsync()).Error);
        Assert.Equal(VmState.Suspended, AssertMade(await provider.CreateAsync([request]).SingleAsync()).State);
        await AssertOneAsync(provider, request, VmState.Suspended);
    }

    private static VirtualMachine AssertMade(VmOutcome outcome)
    {
        Assert.Null(outcome.Error);
        Assert.NotNull(outcome.Vm);
        return outcome.Vm;
    }

    /// <summary>There is one domain with its three volumes, which can be removed with all of them.</summary>
    private async Task AssertOneAsync(KvmProvider provider, VmRequest request, VmState state)
    {
        var vm = Assert.Single(await provider.ListAsync(VmQuery.Managed).ToListAsync());
        Assert.Equal(request.RequestId, vm.RequestId);
        Assert.Equal(state, vm.State);
        Assert.DoesNotContain(vm.Name, await host.Host.VirshAsync("list", "--all", "--transient", "--name"), StringComparison.Ordinal);
        var disks = await host.Host.VirshAsync("domblklist", vm.Id.Key, "--inactive");
        var volumes = (await host.LeftAsync()).Volumes;
        Assert.Equal(3, volumes.Length);
        Assert.Equal(2, volumes.Count(v => disks.Contains(v, StringComparison.Ordinal)));
        Assert.Null((await provider.DeleteAsync([vm.Id], AtOnce).SingleAsync()).Error);
        Assert.Empty((await host.LeftAsync()).Volumes);
    }

    private Task<(bool Reached, VmOutcome Outcome)> RunHeldAsync(int step, bool afterIt, VmRequest request, Func<Task> meanwhile)
    {
        var seen = 0;
        return RunHeldAsync(afterIt, header => IsChange(header) && Interlocked.Increment(ref seen) == step, request, meanwhile);
    }

    private Task<(bool Reached, VmOutcome Outcome)> RunHeldAsync(int procedure, VmRequest request, Func<Task> meanwhile) =>
        RunHeldAsync(afterIt: false, header => IsChange(header) && header.Procedure == procedure, request, meanwhile);

    /// <summary>Creates through a proxy that keeps back one call, or its reply, until another's work is done.</summary>
    private async Task<(bool Reached, VmOutcome Outcome)> RunHeldAsync(bool afterIt, Func<PacketHeader, bool> isIt, VmRequest request, Func<Task> meanwhile)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        uint? victim = null;
        await using var proxy = NewProxy();
        async ValueTask<PacketVerdict> HoldAsync()
        {
            reached.TrySetResult();
            await goOn.Task.WaitAsync(Patience);
            return PacketVerdict.Forward;
        }

        proxy.OnCall = (header, _) =>
        {
            if (!isIt(header)) return new(PacketVerdict.Forward);
            if (!afterIt) return HoldAsync();
            victim = header.Serial;
            return new(PacketVerdict.Forward);
        };
        proxy.OnReply = (header, _) => header.Serial == victim ? HoldAsync() : new(PacketVerdict.Forward);
        await using var first = host.Connect(proxy.Uri);
        var creating = first.CreateAsync([request]).SingleAsync().AsTask();
        await Task.WhenAny(reached.Task, creating).WaitAsync(Patience);
        var isReached = reached.Task.IsCompleted;
        try
        {
            await meanwhile();
        }
        finally
        {
            goOn.TrySetResult();
        }

        return (isReached, await creating.WaitAsync(Patience));
    }

    private LibvirtProxy NewProxy() => new(host.Host.Socket, Path.Combine(host.Host.Folder, $"p{Guid.NewGuid():N}"[..12]));

    private static bool IsChange(PacketHeader header) =>
        header is { Type: PacketType.Call, Program: PacketHeader.RemoteProgram } && !ReadingProcedures.Contains(header.Procedure);
}

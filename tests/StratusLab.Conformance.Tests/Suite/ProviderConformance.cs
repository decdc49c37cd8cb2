using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Rig;
using Xunit;

namespace StratusLab.Conformance.Tests;

/// <summary>What every provider must do in the same way: one set of tests, run on each kind of host.</summary>
public abstract partial class ProviderConformance(HostUnderTest host) : IAsyncLifetime
{
    private static readonly DeleteOptions AtOnce = new() { Force = true, ShutdownTimeout = TimeSpan.Zero };

    /// <summary>The connection under test.</summary>
    private IComputeProvider Provider { get; } = host.Connect();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        var left = (await Collect(Provider.ListAsync(VmQuery.Managed with { WithAddresses = false }))).Select(vm => vm.Id).ToList();
        foreach (var outcome in await Collect(Provider.DeleteAsync(left, AtOnce))) Assert.Null(outcome.Error);
        await Provider.DisposeAsync();
    }

    private VmRequest NewRequest(string? name = null)
    {
        var id = Guid.NewGuid();
        return new VmRequest
        {
            RequestId = id,
            Name = name ?? $"c{id.ToString("N")[..10]}",
            Image = host.Image.Descriptor,
            Cpu = 1,
            Memory = ByteSize.FromMiB(128),
            Owner = "conformance",
            Site = "suite",
            CreatedAt = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero),
        };
    }

    private async Task<VirtualMachine> CreateAsync(VmRequest? request = null) => Succeeded(await Single(Provider.CreateAsync([request ?? NewRequest()])));

    private async Task<VmOutcome> PowerAsync(VmId vm, PowerAction action) => await Single(Provider.ChangePowerAsync([vm], action));

    private async Task<VirtualMachine?> FindAsync(VmId vm)
    {
        var found = await Collect(Provider.ListAsync(new VmQuery { Keys = [vm.Key], IncludeUnmanaged = true }));
        return found is [var only] ? only : null;
    }

    private Task UntilAsync(string what, Func<CancellationToken, Task<bool>> condition) => Poll.UntilAsync(what, condition, host.Patience);

    private Task UntilStateAsync(VmId vm, VmState state) =>
        UntilAsync($"the state {state}", async _ => (await FindAsync(vm))?.State == state);

    private async Task<VirtualMachine> UnmanagedAsync() =>
        Assert.Single(await Collect(Provider.ListAsync(new VmQuery { IncludeUnmanaged = true, Names = [host.UnmanagedName] })));

    private static VirtualMachine Succeeded(VmOutcome outcome)
    {
        Assert.True(outcome.Succeeded, outcome.Error?.ToString());
        Assert.NotNull(outcome.Vm);
        return outcome.Vm;
    }

    /// <summary>Waits for the end of a stream, though not for ever: one that does not end fails its test, and tells what the host was at.</summary>
    private async Task<List<T>> Collect<T>(IAsyncEnumerable<T> items, [CallerArgumentExpression(nameof(items))] string what = "")
    {
        using var limit = new CancellationTokenSource(host.Patience);
        List<T> list = [];
        try
        {
            await foreach (var item in items.WithCancellation(limit.Token)) list.Add(item);
            return list;
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"{what} did not end within {host.Patience}, after {list.Count} results.\n{await host.DescribeAsync()}", e);
        }
    }

    private async Task<T> Single<T>(IAsyncEnumerable<T> items, [CallerArgumentExpression(nameof(items))] string what = "") => Assert.Single(await Collect(items, what));

    /// <summary>The flag is set and the interface is there; or it is not, and the interface is absent or refuses by the flag's name.</summary>
    private async Task<bool> HoldsAsync<TInterface>(ProviderCapabilities flag, Func<TInterface, Task> use)
        where TInterface : class
    {
        if (Provider.Capabilities.HasFlag(flag))
        {
            Assert.IsAssignableFrom<TInterface>(Provider);
            return true;
        }

        if (Provider is TInterface present) AssertNames(flag, await Assert.ThrowsAnyAsync<StratusException>(() => use(present)));
        return false;
    }

    private static void AssertNames(ProviderCapabilities flag, StratusException error)
    {
        Assert.Equal(StratusErrorKind.NotSupported, error.Kind);
        Assert.Contains(flag.ToString(), error.Message, StringComparison.Ordinal);
    }
}

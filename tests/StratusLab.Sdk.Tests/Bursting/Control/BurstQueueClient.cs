using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>One process's way to the batch system in memory, with all that can happen on it.</summary>
internal sealed class BurstQueueClient(BurstQueue queue, BurstFaults faults, BurstProcess process) : IBatchSystem, IBatchNodeLeases, IBurstRequests
{
    public Task<string> DescribeAsync(CancellationToken cancellationToken = default) => Task.FromResult("queue in memory");

    public Task<BatchSnapshot> ReadAsync(CancellationToken cancellationToken = default) => Task.FromResult(Call(() =>
    {
        var snapshot = queue.Read();
        queue.AfterRead?.Invoke();
        return snapshot;
    }));

    public Task AllowAsync(string jobId, IReadOnlyList<string> partitions, CancellationToken cancellationToken = default) => Task.FromResult(Call(() =>
    {
        queue.Allow(jobId, partitions);
        return 0;
    }));

    public Task ChangeNodeAsync(string node, BatchNodeChange change, CancellationToken cancellationToken = default) => Task.FromResult(Call(() =>
    {
        queue.Change(node, change);
        return 0;
    }));

    public Task RenewLeasesAsync(IReadOnlyList<string> nodes, DateTimeOffset until, CancellationToken cancellationToken = default) => Task.FromResult(Call(() =>
    {
        queue.Renew(nodes, until);
        return 0;
    }));

    Task<IReadOnlyList<BurstRequest>> IBurstRequests.ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Call(queue.Requests));

    public Task CompleteAsync(string id, CancellationToken cancellationToken = default) => Task.FromResult(Call(() =>
    {
        queue.Complete(id);
        return 0;
    }));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private T Call<T>(Func<T> effect)
    {
        process.Live();
        if (faults.Strikes(BurstFault.Crash)) process.Crash();
        if (queue.IsDown || faults.Strikes(BurstFault.LostRequest))
            throw new HostConnectionException("BatchSystemUnreachable", "The batch system does not answer (simulated).", RequestState.NotSent);
        var result = effect();
        if (faults.Strikes(BurstFault.Crash)) process.Crash();
        return faults.Strikes(BurstFault.LostReply) ? throw new HostConnectionException("BatchSystemUnreachable", "The reply is lost (simulated).", RequestState.Sent) : result;
    }
}

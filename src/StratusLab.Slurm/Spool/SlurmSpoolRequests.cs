using System.Collections.Concurrent;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>What the hook of <see cref="SlurmHook"/> leaves in its spool folder, as a burst's controller reads it: one caller at a time.</summary>
public sealed class SlurmSpoolRequests : IBurstRequests, IAsyncDisposable
{
    private readonly SlurmSpool _spool;
    private readonly ConcurrentDictionary<string, SlurmRequest> _open = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _reading;

    /// <summary>Opens the folder and begins to read.</summary>
    /// <param name="folder">The spool folder, as the hook was told; it is made if it is not there.</param>
    public SlurmSpoolRequests(string folder)
    {
        _spool = new SlurmSpool(folder);
        _reading = ReadAllAsync(_stop.Token);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BurstRequest>> ReadAsync(CancellationToken cancellationToken = default)
    {
        // A folder that could not be read is told rather than taken for an empty one, and read again for the next look.
        if (_reading.IsFaulted)
        {
            var failed = _reading;
            _reading = ReadAllAsync(_stop.Token);
            await failed.ConfigureAwait(false);
        }

        return [.. _open.Values.OrderBy(r => r.Id, StringComparer.Ordinal).Select(Translate)];
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(string id, CancellationToken cancellationToken = default)
    {
        if (!_open.TryGetValue(id, out var request)) return;
        await _spool.AcknowledgeAsync(request, cancellationToken).ConfigureAwait(false);
        _open.TryRemove(id, out _);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        await foreach (var request in _spool.WatchAsync(cancellationToken: cancellationToken).ConfigureAwait(false)) _open[request.Id] = request;
    }

    // A node that did not register in time is of no more use to Slurm than one that it gives back.
    private static BurstRequest Translate(SlurmRequest request) =>
        new(request.Id, request.Kind is SlurmRequestKind.Resume ? BurstRequestKind.Resume : BurstRequestKind.Suspend, request.Nodes, request.At)
        {
            Jobs = request.Jobs.SelectMany(j => j.ResumedNodes.Select(n => (Node: n, j.Id))).DistinctBy(p => p.Node).ToDictionary(p => p.Node, p => p.Id),
        };
}

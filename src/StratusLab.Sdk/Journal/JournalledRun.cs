using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// Work on several hosts whose results are written to the journal before the caller sees them. Where the work is cut short, what is
/// known in a short while is written too, and the rest is given up for the next session to settle.
/// </summary>
internal sealed class JournalledRun(SiteJournal journal, IReadOnlyList<JournalEntry> entries)
{
    private const int Capacity = 256;

    // Ctrl-C has to come back within a second.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(700);

    private readonly Dictionary<long, JournalEntry> _open = entries.ToDictionary(e => e.Id);

    /// <summary>Runs the workers and streams their results.</summary>
    /// <param name="workers">One per host.</param>
    /// <param name="lookUp">Asks the hosts about entries that were under way when the work was cut short.</param>
    /// <param name="cancellationToken">Cuts the work short.</param>
    public async IAsyncEnumerable<HostResult> RunAsync(
        IReadOnlyCollection<FanOut.Worker<HostResult>> workers,
        Func<IReadOnlyList<JournalEntry>, CancellationToken, IAsyncEnumerable<HostResult>> lookUp,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lapsed = journal.Lapsed;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lapsed);
        var channel = Channel.CreateBounded<HostResult>(Capacity);
        var producing = ProduceAsync(workers, channel.Writer, stop.Token);
        var finished = false;
        try
        {
            while (await WaitAsync(channel.Reader, lapsed, cancellationToken).ConfigureAwait(false))
            {
                var batch = await SettleAsync(channel.Reader).ConfigureAwait(false);
                foreach (var result in batch) yield return result;
            }

            finished = true;
            await producing.ConfigureAwait(false);
        }
        finally
        {
            if (!finished) await CutShortAsync(stop, channel, producing, lookUp).ConfigureAwait(false);
            await ReleaseAsync(finished).ConfigureAwait(false);
        }
    }

    // False at the end. The workers end with the token, too, and may be faster than the waiting.
    private async Task<bool> WaitAsync(ChannelReader<HostResult> results, CancellationToken lapsed, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lapsed);
        try
        {
            var isMore = await results.WaitToReadAsync(either.Token).ConfigureAwait(false);
            if (!isMore && _open.Count > 0) either.Token.ThrowIfCancellationRequested();
            return isMore;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw CatalogueErrors.IsSilent(e);
        }
    }

    private async Task ReleaseAsync(bool finished)
    {
        try
        {
            await journal.ReleaseAsync(_open.Keys, "Not settled: the host could not say what became of it, or was not asked to the end.").ConfigureAwait(false);
        }
        catch (StratusException) when (!finished)
        {
            // What cut the work short is told. The entries are this session's, and nobody answers for them any more.
        }
    }

    private static async Task ProduceAsync(IReadOnlyCollection<FanOut.Worker<HostResult>> workers, ChannelWriter<HostResult> results, CancellationToken cancellationToken)
    {
        var tasks = workers.Select(w => Task.Run(() => w(results, cancellationToken), CancellationToken.None)).ToList();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        results.TryComplete(tasks.Find(t => t.IsFaulted)?.Exception?.InnerException);
    }

    // All that is waiting goes into one transaction.
    private async Task<List<HostResult>> SettleAsync(ChannelReader<HostResult> reader)
    {
        var batch = new List<HostResult>();
        while (batch.Count < Capacity && reader.TryRead(out var result)) batch.Add(result);
        await SettleAsync(batch).ConfigureAwait(false);
        return batch;
    }

    private async Task SettleAsync(IReadOnlyList<HostResult> results)
    {
        var known = results.Where(r => r.State != JournalState.Open).ToList();
        await journal.SettleAsync([.. known.Select(r => r.ToSettlement())]).ConfigureAwait(false);
        foreach (var result in known) _open.Remove(result.Entry.Id);
    }

    private async Task CutShortAsync(
        CancellationTokenSource stop,
        Channel<HostResult> channel,
        Task producing,
        Func<IReadOnlyList<JournalEntry>, CancellationToken, IAsyncEnumerable<HostResult>> lookUp)
    {
        using var grace = new CancellationTokenSource(Grace);
        await stop.CancelAsync().ConfigureAwait(false);
        try
        {
            while (await channel.Reader.WaitToReadAsync(grace.Token).ConfigureAwait(false)) await SettleAsync(channel.Reader).ConfigureAwait(false);
            await producing.WaitAsync(grace.Token).ConfigureAwait(false);
            await foreach (var result in lookUp([.. _open.Values], grace.Token).ConfigureAwait(false)) await SettleAsync([result]).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or StratusException)
        {
            // Not known in time: these entries stay open.
        }
        finally
        {
            // Nobody reads any more; a worker that is still writing must not wait for ever.
            channel.Writer.TryComplete();
        }
    }
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace StratusLab.Kvm;

/// <summary>Works on many items at once and streams what comes out, in the order in which it is done.</summary>
internal static class Batch
{
    /// <summary>Runs the work for each item. Leaving the enumeration early stops what is under way.</summary>
    public static async IAsyncEnumerable<TResult> RunAsync<TItem, TResult>(
        IReadOnlyCollection<TItem> items, int parallelism, Func<TItem, CancellationToken, Task<TResult>> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<TResult>(parallelism);
        var pump = PumpAsync(stop.Token);
        try
        {
            await foreach (var result in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return result;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task PumpAsync(CancellationToken token)
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = token };
            try
            {
                await Parallel.ForEachAsync(
                    items,
                    options,
                    async (item, itemToken) => await channel.Writer.WriteAsync(await work(item, itemToken).ConfigureAwait(false), itemToken).ConfigureAwait(false)).ConfigureAwait(false);
                channel.Writer.Complete();
            }
            catch (Exception e)
            {
                channel.Writer.Complete(e);
            }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace StratusLab.Sdk;

/// <summary>Many workers at once whose results are one stream. What is not read holds the workers back.</summary>
internal static class FanOut
{
    private const int Capacity = 256;

    public delegate Task Worker<T>(ChannelWriter<T> results, CancellationToken cancellationToken);

    public static async IAsyncEnumerable<T> RunAsync<T>(
        IReadOnlyCollection<Worker<T>> workers,
        int parallel = int.MaxValue,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<T>(Capacity);
        var producing = ProduceAsync(workers, parallel, channel.Writer, stop.Token);
        try
        {
            await foreach (var result in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return result;
        }
        finally
        {
            // Also where the reader left early: nothing goes on behind its back.
            await stop.CancelAsync().ConfigureAwait(false);
            await producing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ProduceAsync<T>(IReadOnlyCollection<Worker<T>> workers, int parallel, ChannelWriter<T> results, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(workers.Count, 1, parallel), CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(workers, options, async (worker, ct) => await worker(results, ct).ConfigureAwait(false)).ConfigureAwait(false);
            results.Complete();
        }
        catch (Exception e)
        {
            results.Complete(e);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace StratusLab.Ec2;

/// <summary>Works on several items at once and yields what became of each as it happens.</summary>
internal static class Batch
{
    // EC2's buckets for changing calls hold 5 to 100 tokens: more at once would only be throttled.
    private const int Parallelism = 8;

    /// <summary>One result per item.</summary>
    public static IAsyncEnumerable<TResult> RunAsync<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken = default) =>
        RunManyAsync<TItem, TResult>(items, async (item, report, cancel) => await report(await work(item, cancel).ConfigureAwait(false)).ConfigureAwait(false), cancellationToken);

    /// <summary>Any number of results per item.</summary>
    public static async IAsyncEnumerable<TResult> RunManyAsync<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, Func<TResult, Task>, CancellationToken, Task> work, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var results = Channel.CreateBounded<TResult>(Parallelism);
        var producer = ProduceAsync(items, work, results.Writer, stop.Token);
        try
        {
            await foreach (var result in results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return result;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await producer.ConfigureAwait(false);
        }
    }

    private static async Task ProduceAsync<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, Func<TResult, Task>, CancellationToken, Task> work, ChannelWriter<TResult> results, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(
                items,
                options,
                async (item, cancel) => await work(item, async result => await results.WriteAsync(result, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false)).ConfigureAwait(false);
            results.Complete();
        }
        catch (Exception e)
        {
            results.Complete(e);
        }
    }
}

using System.Runtime.CompilerServices;

namespace StratusLab.Slurm.Tests.Spool;

/// <summary>Ends a watch that would otherwise wait for ever, with a failure.</summary>
internal static class Patience
{
    public static async IAsyncEnumerable<T> WithTimeout<T>(this IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await foreach (var item in items.WithCancellation(limit.Token)) yield return item;
    }
}

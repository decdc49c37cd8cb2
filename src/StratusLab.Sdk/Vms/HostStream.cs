using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A host's stream that ends with its error instead of throwing it, so that the other hosts' streams go on.</summary>
internal static class HostStream
{
    /// <summary>The stream's items, and at last its error if it has one.</summary>
    /// <param name="open">Begins the stream; may itself throw.</param>
    /// <param name="host">The host's name.</param>
    /// <param name="cancellationToken">When cancelled, the stream throws as usual.</param>
    public static async IAsyncEnumerable<(T? Item, StratusException? Error)> Guard<T>(
        Func<IAsyncEnumerable<T>> open, string host, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        var (items, refusal) = Begin(open, host, cancellationToken);
        if (items is null)
        {
            yield return (null, refusal);
            yield break;
        }

        await using (items.ConfigureAwait(false))
        {
            while (true)
            {
                StratusException? error = null;
                try
                {
                    if (!await items.MoveNextAsync().ConfigureAwait(false)) yield break;
                }
                catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    error = HostErrors.Wrap(e, host);
                }

                yield return error is null ? (items.Current, null) : (null, error);
                if (error is not null) yield break;
            }
        }
    }

    private static (IAsyncEnumerator<T>? Items, StratusException? Error) Begin<T>(Func<IAsyncEnumerable<T>> open, string host, CancellationToken cancellationToken)
    {
        try
        {
            return (open().GetAsyncEnumerator(cancellationToken), null);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return (null, HostErrors.Wrap(e, host));
        }
    }
}

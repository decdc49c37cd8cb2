using System.Runtime.CompilerServices;

namespace StratusLab.Sdk;

/// <summary>A host's stream that ends with its error instead of throwing it, so that the other hosts' streams go on.</summary>
internal static class HostStream
{
    public static async IAsyncEnumerable<(T? Item, Core.StratusException? Error)> Guard<T>(
        IAsyncEnumerable<T> stream, string host, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        var items = stream.GetAsyncEnumerator(cancellationToken);
        await using (items.ConfigureAwait(false))
        {
            while (true)
            {
                Core.StratusException? error = null;
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
}

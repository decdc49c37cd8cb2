using System.Collections.Concurrent;

namespace StratusLab.Kvm;

/// <summary>Work that callers in this process who want the same do once, together.</summary>
internal sealed class SharedWork<T>
{
    private readonly ConcurrentDictionary<string, Lazy<Task<T>>> _underWay = new(StringComparer.Ordinal);

    /// <summary>Does the work, or waits for who does it. When that one gives up, it is the next one's turn.</summary>
    /// <param name="key">Tells what is the same.</param>
    /// <param name="work">The work, which keeps to the caller's token.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The result, and whether this caller's work made it.</returns>
    public async Task<(T Result, bool IsMine)> RunAsync(string key, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            var isMine = false;
            var shared = _underWay.GetOrAdd(key, _ => new Lazy<Task<T>>(() =>
            {
                isMine = true;
                return work();
            })).Value;
            try
            {
                return (await shared.WaitAsync(cancellationToken).ConfigureAwait(false), isMine);
            }
            catch (OperationCanceledException) when (!isMine && !cancellationToken.IsCancellationRequested)
            {
                // Whoever was doing it gave up.
            }
            finally
            {
                if (isMine) _underWay.TryRemove(key, out _);
            }

            // The other caller's entry is on its way out.
            await Task.Yield();
        }
    }
}

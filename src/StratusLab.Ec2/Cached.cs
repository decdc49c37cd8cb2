namespace StratusLab.Ec2;

/// <summary>What is read when first needed and again once it is old. Whoever asks meanwhile waits for the one reading.</summary>
/// <param name="clock">Tells how old it is.</param>
/// <param name="age">How long it is good for.</param>
/// <param name="read">Reads it anew.</param>
internal sealed class Cached<T>(TimeProvider clock, TimeSpan age, Func<CancellationToken, Task<T>> read) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Reading? _last;

    /// <summary>What was read last, however old; null before the first reading.</summary>
    public T? Last => Volatile.Read(ref _last)?.Value;

    /// <summary>What is known, read anew where it is old.</summary>
    public async Task<T> GetAsync(CancellationToken cancellationToken = default)
    {
        if (Fresh() is { } known) return known;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Fresh() is { } found) return found;
            var value = await read(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _last, new Reading(value, clock.GetUtcNow()));
            return value;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private T? Fresh() => Volatile.Read(ref _last) is { } last && clock.GetUtcNow() - last.At < age ? last.Value : null;

    private sealed record Reading(T Value, DateTimeOffset At);
}

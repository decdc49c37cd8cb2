namespace StratusLab.Ec2.Launch;

/// <summary>Something that is looked up once and kept for a while. A failure is not kept, and one caller's cancellation harms no other.</summary>
internal sealed class Cached<T>(TimeProvider clock, TimeSpan lifetime, Func<CancellationToken, Task<T>> find) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private T? _value;
    private long _at;

    public async Task<T> GetAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_value is not null && clock.GetElapsedTime(_at) < lifetime) return _value;
            _value = await find(cancellationToken).ConfigureAwait(false);
            _at = clock.GetTimestamp();
            return _value;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}

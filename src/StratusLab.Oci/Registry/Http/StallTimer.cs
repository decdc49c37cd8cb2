namespace StratusLab.Oci;

/// <summary>Cancels what makes no progress: its token fires when <see cref="Touch"/> was not called for too long, or when the caller's token does.</summary>
internal sealed class StallTimer : IDisposable
{
    private readonly CancellationTokenSource _source;

    public StallTimer(TimeSpan patience, CancellationToken caller)
    {
        Patience = patience;
        Caller = caller;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        Touch();
    }

    public TimeSpan Patience { get; }

    public CancellationToken Token => _source.Token;

    /// <summary>Fires when the caller wants no more, whatever the progress.</summary>
    public CancellationToken Caller { get; }

    /// <summary>Whether it was the timer that fired.</summary>
    public bool HasStalled => _source.IsCancellationRequested && !Caller.IsCancellationRequested;

    /// <summary>Something moved.</summary>
    public void Touch() => _source.CancelAfter(Patience);

    /// <summary>Stands until the next <see cref="Touch"/>, while something is waited for that has a limit of its own.</summary>
    public void Pause() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose() => _source.Dispose();
}

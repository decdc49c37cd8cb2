namespace StratusLab.Libvirt;

/// <summary>
/// Hands out one shared connection, and opens another when that one has ended. Callers that come while it is being opened wait for the
/// same attempt. A call that fails with its connection is not repeated: its <see cref="LibvirtException.RequestState"/> tells whether that is safe.
/// </summary>
public sealed class LibvirtConnectionSource : IAsyncDisposable
{
    private readonly LibvirtConnectionOptions _options;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _gate = new();
    private bool _disposed;
    private LibvirtConnection? _current;
    private Task<LibvirtConnection>? _attempt;

    /// <summary>Creates the source. Nothing is opened yet.</summary>
    /// <param name="uri">Where connections lead.</param>
    /// <param name="options">How they behave; <see langword="null"/> for the defaults.</param>
    public LibvirtConnectionSource(LibvirtUri uri, LibvirtConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(uri);
        Uri = uri;
        _options = options ?? new LibvirtConnectionOptions();
    }

    /// <summary>Where connections lead.</summary>
    public LibvirtUri Uri { get; }

    /// <summary>Gets the living connection, or opens one. Do not dispose it: the source does.</summary>
    /// <param name="cancellationToken">Stops waiting; an attempt that others wait for goes on.</param>
    /// <exception cref="LibvirtException">It cannot be opened. The next call tries again.</exception>
    public async ValueTask<LibvirtConnection> GetAsync(CancellationToken cancellationToken = default)
    {
        Task<LibvirtConnection> attempt;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_current is { IsOpen: true } living)
                return living;
            attempt = _attempt ??= OpenAsync();
        }

        return await attempt.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? last;
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            last = _attempt;
        }

        await _disposing.CancelAsync().ConfigureAwait(false);
        if (last is not null)
            await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_current is { } connection)
            await connection.DisposeAsync().ConfigureAwait(false);
        _disposing.Dispose();
    }

    private async Task<LibvirtConnection> OpenAsync()
    {
        // Not under the caller's lock, nor before the caller has noted this attempt.
        await Task.Yield();
        try
        {
            var connection = await LibvirtConnection.OpenAsync(Uri, _options, _disposing.Token).ConfigureAwait(false);
            lock (_gate)
                _current = connection;
            return connection;
        }
        finally
        {
            lock (_gate)
                _attempt = null;
        }
    }
}

using System.Collections.Concurrent;
using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>
/// Gives every stream a connection of its own while it lasts, and keeps the connection for the next one for a short while.
/// </summary>
/// <param name="open">Opens another connection to the same server.</param>
/// <remarks>
/// libvirtd (remote_daemon_stream.c, daemonStreamHandleWrite; seen in 9.0 and in the newest) queues its confirmation of a stream's end for
/// sending before it takes the same message out of the stream's own queue. The reply to another call that a worker queues in between is
/// taken out with it and never sent. So where a stream may end, nobody else may wait for an answer.
/// </remarks>
internal sealed class StreamConnections(Func<CancellationToken, Task<LibvirtConnection>> open) : IAsyncDisposable
{
    // Over ssh each costs a process. Only uploads come in crowds: one for each new VM.
    private const int MaxUploads = 8;
    private const long Lent = 0;
    private const long Closing = -1;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    // Each with the number under which it was given back, or what it is at.
    private readonly ConcurrentDictionary<LibvirtConnection, long> _all = new();
    private readonly ConcurrentStack<LibvirtConnection> _idle = new();
    private readonly SemaphoreSlim _uploads = new(MaxUploads);
    private readonly CancellationTokenSource _closing = new();
    private long _lastReturn;

    /// <summary>Opens a stream for sending; while as many are open as may be, it waits for one of them to end.</summary>
    public async Task<RpcStream> OpenUploadAsync(RpcProcedure procedure, XdrWriter arguments, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await _uploads.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Closed();
        }

        try
        {
            return await OpenAsync(procedure, arguments, () => _uploads.Release(), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _uploads.Release();
            throw;
        }
    }

    /// <summary>Opens another stream. It never waits for one to end: who copies between two hosts holds a stream of each.</summary>
    public Task<RpcStream> OpenAsync(RpcProcedure procedure, XdrWriter arguments, CancellationToken cancellationToken) =>
        OpenAsync(procedure, arguments, static () => { }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_all.Keys.Select(CloseAsync)).ConfigureAwait(false);
    }

    private async Task<RpcStream> OpenAsync(RpcProcedure procedure, XdrWriter arguments, Action ended, CancellationToken cancellationToken)
    {
        var connection = await TakeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await connection.OpenStreamAsync(procedure, arguments, failure => End(connection, failure, ended), cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException)
        {
            GiveBack(connection);
            throw;
        }
        catch
        {
            _ = CloseAsync(connection);
            throw;
        }
    }

    private async Task<LibvirtConnection> TakeAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryPop(out var idle))
            if (_all.TryGetValue(idle, out var returned) && returned > Lent && _all.TryUpdate(idle, Lent, returned) && idle.IsOpen) return idle;

        if (_closing.IsCancellationRequested) throw Closed();
        var connection = await open(cancellationToken).ConfigureAwait(false);
        _all[connection] = Lent;
        if (!_closing.IsCancellationRequested) return connection;
        await CloseAsync(connection).ConfigureAwait(false);
        throw Closed();
    }

    // What the server has not confirmed it may still be at.
    private void End(LibvirtConnection connection, Exception? failure, Action ended)
    {
        if (failure is null or LibvirtServerException) GiveBack(connection);
        else _ = CloseAsync(connection);
        ended();
    }

    private void GiveBack(LibvirtConnection connection)
    {
        var number = Interlocked.Increment(ref _lastReturn);
        if (!_all.TryUpdate(connection, number, Lent)) return;
        _idle.Push(connection);
        _ = CloseIdleAsync();

        async Task CloseIdleAsync()
        {
            await Task.Delay(IdleTime, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_all.TryUpdate(connection, Closing, number)) await CloseAsync(connection).ConfigureAwait(false);
        }
    }

    private async Task CloseAsync(LibvirtConnection connection)
    {
        // Whoever tells the end of a stream must not wait for that of its connection.
        await Task.Yield();
        await connection.DisposeAsync().ConfigureAwait(false);
        _all.TryRemove(connection, out _);
    }

    private static LibvirtConnectionException Closed() => new("The connection was closed by this side.");
}

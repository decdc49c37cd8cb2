namespace StratusLab.Libvirt.Rpc;

internal sealed partial class RpcConnection
{
    /// <summary>
    /// Asks the server for a sign of life when an interval has passed without a byte from it, and ends the connection when several
    /// such questions in a row got none. Called once, after the server has said that it knows the keepalive program.
    /// </summary>
    public void StartKeepAlive() => _keepAlive = Task.Run(KeepAliveLoopAsync);

    private async Task KeepAliveLoopAsync()
    {
        using var timer = new PeriodicTimer(_options.KeepAliveInterval);
        var unanswered = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token).ConfigureAwait(false))
            {
                if (_heard || _readingPaused)
                {
                    _heard = false;
                    unanswered = 0;
                }
                else if (unanswered == _options.KeepAliveCount)
                {
                    Fail(new TimeoutException($"the server sent nothing for {_options.KeepAliveInterval.TotalSeconds * (unanswered + 1):0.#} s, not even answers to {unanswered} keepalive requests"));
                }
                else
                {
                    _outgoing.Writer.TryWrite(KeepAliveMessage(RpcProcedure.KeepAlivePing));
                    unanswered++;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }
    }
}

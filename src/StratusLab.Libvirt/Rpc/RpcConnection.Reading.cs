using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

internal sealed partial class RpcConnection
{
    private readonly MessageFramer _framer = new();
    private volatile bool _heard;
    private volatile bool _readingPaused;

    private async Task ReadLoopAsync()
    {
        try
        {
            while (true)
            {
                var count = await _transport.ReadAsync(_framer.GetMemory(), _closing.Token).ConfigureAwait(false);
                if (count == 0)
                    throw new EndOfStreamException(_framer.Buffered == 0 ? "the server closed it" : "the server closed it within a message");
                _heard = true;
                _framer.Advance(count);
                while (DispatchBuffered() is { } full)
                    await WaitForConsumerAsync(full).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            _framer.Dispose();
        }
    }

    /// <summary>Handles all messages that have arrived, or stops after one that filled a stream's buffer and returns that stream.</summary>
    private RpcStream? DispatchBuffered()
    {
        while (_framer.TryRead(out var message))
        {
            if (Dispatch(message) is { } full)
                return full;
        }

        return null;
    }

    /// <summary>Routes one message, and returns the stream whose buffer it filled.</summary>
    internal RpcStream? Dispatch(in RpcMessage message)
    {
        switch (message.Header.Type)
        {
            case MessageType.Reply:
                DispatchReply(message);
                return null;
            case MessageType.Event when message.Header.Procedure.Program == RpcProcedure.KeepAliveProgram:
                AnswerKeepAlive(message.Header.Procedure);
                return null;
            case MessageType.Event:
                var reader = new XdrReader(message.Payload);
                EventSink?.OnEvent(message.Header.Procedure, ref reader);
                return null;
            default:
                // Packets of a stream that this side has ended are still under way and mean nothing any more.
                return _streams.TryGetValue(message.Header.Serial, out var stream) && stream.Receive(message) ? stream : null;
        }
    }

    private void DispatchReply(in RpcMessage message)
    {
        var header = message.Header;
        if (!_calls.TryGetValue(header.Serial, out var call))
        {
            // The server answers a refused hole packet with a reply instead of a stream packet.
            if (header.Status == MessageStatus.Error && _streams.TryGetValue(header.Serial, out var stream))
                stream.Receive(message);
            else if (header.Status != MessageStatus.Error)
                throw new LibvirtProtocolException($"The server answered {header.Procedure} with serial {header.Serial}, which no call waits for.");
            return;
        }

        if (header.Procedure != call.Procedure)
            throw new LibvirtProtocolException($"The server answered {call.Procedure} with a reply to {header.Procedure}.");
        if (header.Status == MessageStatus.Continue)
            throw new LibvirtProtocolException($"The server answered {call.Procedure} with a status that only streams have.");

        // The decoder runs before the call is forgotten, so that a connection that fails on it fails the call too.
        if (header.Status == MessageStatus.Error)
            RefuseCall(call, message.Payload);
        else if (call.IsAbandoned || !call.Complete(message.Payload))
            call.Stream?.Abort();
        Remove(call);
    }

    private static void RefuseCall(PendingCall call, ReadOnlySpan<byte> payload)
    {
        var reader = new XdrReader(payload);
        var error = ServerError.Read(ref reader);
        reader.EnsureEnd();
        call.Fail(error);
        call.Stream?.Close(error);
    }

    private async ValueTask WaitForConsumerAsync(RpcStream stream)
    {
        _readingPaused = true;
        try
        {
            if (await stream.WaitForRoomAsync(_options.StreamStallTimeout, _closing.Token).ConfigureAwait(false))
                return;
            var reason = $"The stream of {stream.Procedure} was ended by this side: its consumer left {_options.StreamBufferSize} bytes unread for {_options.StreamStallTimeout.TotalSeconds:0.#} s, "
                + "which held up every other call on the connection. Read faster, or give the stream a connection of its own.";
            stream.Abort(new LibvirtConnectionException(reason, RequestState.Sent));
        }
        finally
        {
            _readingPaused = false;
        }
    }
}

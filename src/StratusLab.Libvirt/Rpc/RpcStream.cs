using System.Buffers;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

/// <summary>
/// One data stream within a connection (docs/kbase/internals/rpc.rst and src/rpc/virnetprotocol.x). It shares serial and procedure
/// with the call that opened it. Received data is buffered up to a limit; beyond it the connection waits for the consumer.
/// </summary>
internal sealed class RpcStream(RpcConnection connection, long bufferLimit)
{
    private readonly Lock _gate = new();
    private readonly Queue<StreamSegment> _segments = new();
    private readonly Signal _changed = new();
    private readonly Signal _drained = new();
    private long _buffered;
    private bool _endOfData;
    private bool _closed;
    private Exception? _failure;
    private Action<Exception?>? _ended;

    public RpcProcedure Procedure { get; private set; }

    public uint Serial { get; private set; }

    private bool IsFull
    {
        get
        {
            lock (_gate)
                return _buffered >= bufferLimit && !_closed;
        }
    }

    public void Bind(RpcProcedure procedure, uint serial) => (Procedure, Serial) = (procedure, serial);

    /// <summary>Takes a packet from the wire. Returns true when the connection should wait for the consumer before it reads on.</summary>
    public bool Receive(in RpcMessage message)
    {
        var payload = message.Payload;
        if (message.Header.Status == MessageStatus.Error)
        {
            var reader = new XdrReader(payload);
            Close(ServerError.Read(ref reader));
        }
        else if (message.Header.Type == MessageType.StreamHole)
        {
            var reader = new XdrReader(payload);
            var length = reader.ReadInt64();
            reader.ReadUInt32();
            reader.EnsureEnd();
            if (length < 0)
                reader.Fail<int>($"a hole of {length} bytes");
            if (length > 0)
                Enqueue(new StreamSegment(null, length));
        }
        else if (message.Header.Status == MessageStatus.Ok)
        {
            Close(null);
        }
        else if (payload.IsEmpty)
        {
            lock (_gate)
                _endOfData = true;
            _changed.Pulse();
        }
        else
        {
            var data = ArrayPool<byte>.Shared.Rent(payload.Length);
            payload.CopyTo(data);
            Enqueue(new StreamSegment(data, payload.Length));
        }

        return IsFull;
    }

    /// <summary>Waits until the consumer has made room; false when it did not within <paramref name="patience"/>.</summary>
    public async ValueTask<bool> WaitForRoomAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            while (IsFull)
                await _drained.WaitAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Ends the stream on this side: with a failure, or with <see langword="null"/> when the server confirmed its end.</summary>
    public void Close(Exception? failure)
    {
        Action<Exception?>? ended;
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            _failure = failure;
            ended = _ended;
            if (failure is not null)
                Discard();
        }

        connection.Forget(this);
        _changed.Pulse();
        _drained.Pulse();
        ended?.Invoke(failure);
    }

    /// <summary>Has somebody told when the stream ends, or at once if it has.</summary>
    public void Tell(Action<Exception?> ended)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _ended = ended;
                return;
            }
        }

        ended(_failure);
    }

    /// <summary>The next piece, which the caller now owns; <see langword="null"/> at the end of the data.</summary>
    public async ValueTask<StreamSegment?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_segments.TryDequeue(out var segment))
                {
                    _buffered -= Cost(segment);
                    _drained.Pulse();
                    return segment;
                }

                if (_failure is not null)
                    throw Restate(_failure);
                if (_endOfData || _closed)
                    return null;
            }

            await _changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty)
        {
            var size = Math.Min(data.Length, ProtocolLimits.StreamPacketMax);
            await SendPacketAsync(new XdrWriter(size).Raw(data.Span[..size]), MessageType.Stream, MessageStatus.Continue, cancellationToken).ConfigureAwait(false);
            data = data[size..];
        }
    }

    public Task SendHoleAsync(long length, CancellationToken cancellationToken) =>
        SendPacketAsync(new XdrWriter().Int64(length).UInt32(0), MessageType.StreamHole, MessageStatus.Continue, cancellationToken);

    /// <summary>Says that all is sent or received, and waits until the server confirms that all of it went well.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await SendPacketAsync(new XdrWriter(0), MessageType.Stream, MessageStatus.Ok, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            lock (_gate)
            {
                Discard();
                if (_failure is not null)
                    throw Restate(_failure);
                if (_closed)
                    return;
            }

            await _changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Ends the stream without its work being done, and discards what is still under way. Does not wait until the server is told: it
    /// may be the reason for the abort that the server does not listen.
    /// </summary>
    public void Abort(LibvirtException? reason = null)
    {
        lock (_gate)
        {
            if (_closed)
                return;
        }

        Close(reason ?? new LibvirtConnectionException($"The stream of {Procedure} was aborted by this side.", RequestState.Sent));
        _ = TellAsync();

        async Task TellAsync()
        {
            try
            {
                await connection.SendStreamPacketAsync(this, new XdrWriter(0), MessageType.Stream, MessageStatus.Error, CancellationToken.None).ConfigureAwait(false);
            }
            catch (LibvirtException)
            {
                // The connection is gone, and the stream with it.
            }
        }
    }

    private static long Cost(StreamSegment segment) => segment.IsHole ? 64 : segment.Length;

    private static LibvirtException Restate(Exception failure) => failure switch
    {
        LibvirtServerException e => new LibvirtServerException(e.Code, e.Domain, e.Level, e.Text) { Str1 = e.Str1, Str2 = e.Str2, Str3 = e.Str3, Int1 = e.Int1, Int2 = e.Int2 },
        LibvirtProtocolException e => new LibvirtProtocolException(e.Message, RequestState.Sent, e),
        _ => new LibvirtConnectionException(failure.Message, RequestState.Sent, failure),
    };

    private Task SendPacketAsync(XdrWriter content, MessageType type, MessageStatus status, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_failure is not null)
                throw Restate(_failure);
            if (_closed)
                throw new InvalidOperationException($"The stream of {Procedure} has ended.");
        }

        return connection.SendStreamPacketAsync(this, content, type, status, cancellationToken);
    }

    private void Enqueue(StreamSegment segment)
    {
        lock (_gate)
        {
            if (_closed)
            {
                Release(segment);
                return;
            }

            _segments.Enqueue(segment);
            _buffered += Cost(segment);
        }

        _changed.Pulse();
    }

    private void Discard()
    {
        while (_segments.TryDequeue(out var segment))
        {
            _buffered -= Cost(segment);
            Release(segment);
        }
    }

    private static void Release(StreamSegment segment)
    {
        if (segment.Data is { } data)
            ArrayPool<byte>.Shared.Return(data);
    }
}

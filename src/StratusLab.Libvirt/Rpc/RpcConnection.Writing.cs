using System.Buffers;
using System.Threading.Channels;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

internal sealed partial class RpcConnection
{
    /// <summary>More than the calls that may be in flight, so that only stream packets ever wait here.</summary>
    private const int OutgoingCapacity = 512;

    private const int BatchSize = 65_536;

    private readonly Channel<OutgoingMessage> _outgoing;
    private int _pongDue;

    public async Task SendStreamPacketAsync(RpcStream stream, XdrWriter content, MessageType type, MessageStatus status, CancellationToken cancellationToken)
    {
        var packet = new StreamPacket(content);
        packet.Stamp(new MessageHeader(stream.Procedure, type, stream.Serial, status));
        try
        {
            await EnqueueAsync(packet, cancellationToken).ConfigureAwait(false);

            // A packet that has begun to leave cannot be cut short, so its writing is waited for without the caller's token.
            using (cancellationToken.UnsafeRegister(static state => ((StreamPacket)state!).Withdraw(), packet))
                await packet.WrittenTask.WaitAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Volatile.Read(ref _failure) is not null)
        {
            throw Describe(_failure!, packet.RequestState, stream.Procedure);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private async ValueTask EnqueueAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (!_outgoing.Writer.TryWrite(message))
                await _outgoing.Writer.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // The failure that closed the channel fails every call by itself; a stream packet has only this way to learn of it.
            if (message is StreamPacket)
                throw new OperationCanceledException(_closing.Token);
        }
    }

    private void AnswerKeepAlive(RpcProcedure procedure)
    {
        if (procedure != RpcProcedure.KeepAlivePing)
            return;

        // The reader never waits for the writer: the server might be waiting for the reader.
        if (!_outgoing.Writer.TryWrite(KeepAliveMessage(RpcProcedure.KeepAlivePong)))
            Volatile.Write(ref _pongDue, 1);
    }

    private static OutgoingMessage KeepAliveMessage(RpcProcedure procedure)
    {
        var message = new OutgoingMessage(new XdrWriter(0));
        message.Stamp(new MessageHeader(procedure, MessageType.Event, 0, MessageStatus.Ok));
        return message;
    }

    /// <summary>Writes what is queued with as few system calls as there can be; a message is never split over two.</summary>
    private async Task WriteLoopAsync()
    {
        var batch = ArrayPool<byte>.Shared.Rent(BatchSize);
        var batched = new List<OutgoingMessage>();
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(_closing.Token).ConfigureAwait(false))
            {
                var used = 0;
                while (NextMessage() is { } message)
                {
                    if (!message.TryBeginWrite())
                        continue;
                    if (message.Bytes.Length > batch.Length - used)
                    {
                        await FlushAsync(batch.AsMemory(0, used), batched).ConfigureAwait(false);
                        used = 0;
                    }

                    batched.Add(message);
                    if (message.Bytes.Length > batch.Length)
                    {
                        await FlushAsync(message.Bytes, batched).ConfigureAwait(false);
                        continue;
                    }

                    message.Bytes.CopyTo(batch.AsMemory(used));
                    used += message.Bytes.Length;
                }

                await FlushAsync(batch.AsMemory(0, used), batched).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(batch);
        }
    }

    private OutgoingMessage? NextMessage()
    {
        if (Interlocked.Exchange(ref _pongDue, 0) == 1)
            return KeepAliveMessage(RpcProcedure.KeepAlivePong);
        return _outgoing.Reader.TryRead(out var message) ? message : null;
    }

    private async ValueTask FlushAsync(ReadOnlyMemory<byte> bytes, List<OutgoingMessage> messages)
    {
        if (messages.Count == 0)
            return;
        await _transport.WriteAsync(bytes, _closing.Token).ConfigureAwait(false);
        await _transport.FlushAsync(_closing.Token).ConfigureAwait(false);
        foreach (var message in messages)
            message.EndWrite();
        messages.Clear();
    }
}

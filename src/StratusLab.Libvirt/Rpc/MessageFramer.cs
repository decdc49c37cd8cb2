using System.Buffers;
using System.Buffers.Binary;

namespace StratusLab.Libvirt.Rpc;

/// <summary>
/// Cuts a stream of bytes into messages. It owns no socket: bytes are put in, messages come out. Its buffer doubles only when it is
/// full of bytes that did arrive, so the length that a message claims decides nothing.
/// </summary>
internal sealed class MessageFramer : IDisposable
{
    private const int InitialSize = 65_536;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Bytes received that are not yet part of a message handed out.</summary>
    public int Buffered => _end - _start;

    public int Capacity => _buffer.Length;

    /// <summary>Room to receive into, never empty. Ends the validity of messages handed out before.</summary>
    public Memory<byte> GetMemory()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_buffer.Length > InitialSize * 16)
                Exchange(InitialSize);
        }
        else if (_start > 0 && _buffer.Length - _end < InitialSize / 2)
        {
            _buffer.AsSpan(_start, Buffered).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
            Exchange(Math.Max(InitialSize, _buffer.Length * 2));
        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how many bytes were received into the memory.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Takes as many bytes as there is room for.</summary>
    public void ReceiveData(ReadOnlySpan<byte> data, out int consumed)
    {
        var room = GetMemory().Span;
        consumed = Math.Min(room.Length, data.Length);
        data[..consumed].CopyTo(room);
        Advance(consumed);
    }

    /// <summary>Hands out the next message if all of it has arrived. Throws <see cref="LibvirtProtocolException"/> as soon as its length or header is seen to be wrong.</summary>
    public bool TryRead(out RpcMessage message)
    {
        message = default;
        var data = _buffer.AsSpan(_start, Buffered);
        if (data.Length < ProtocolLimits.LengthSize)
            return false;

        var length = BinaryPrimitives.ReadUInt32BigEndian(data);
        if (length < ProtocolLimits.PrefixSize)
            throw new LibvirtProtocolException($"Malformed libvirt message: a length of {length} bytes is shorter than the {ProtocolLimits.PrefixSize} bytes of a length and a header.");
        if (length > ProtocolLimits.MessageMax + ProtocolLimits.LengthSize)
            throw new LibvirtProtocolException($"Malformed libvirt message: a length of {length} bytes exceeds the protocol's maximum of {ProtocolLimits.MessageMax}.");
        if (data.Length < ProtocolLimits.PrefixSize)
            return false;

        var header = MessageHeader.Read(data[ProtocolLimits.LengthSize..]);
        if (data.Length < (int)length)
            return false;

        message = new RpcMessage(header, data[ProtocolLimits.PrefixSize..(int)length]);
        _start += (int)length;
        return true;
    }

    public void Dispose()
    {
        _start = _end = 0;
        Return(Interlocked.Exchange(ref _buffer, []));
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Exchange(int size)
    {
        var other = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(_start, Buffered).CopyTo(other);
        Return(_buffer);
        _buffer = other;
        _end -= _start;
        _start = 0;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace StratusLab.Libvirt.Xdr;

/// <summary>
/// Writes XDR (RFC 4506) into a pooled buffer, after room for the message's length and header. Its methods return the writer,
/// so that a call's arguments read as one line.
/// </summary>
internal sealed class XdrWriter(int payloadCapacity = 484)
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ProtocolLimits.PrefixSize + payloadCapacity);

    public int Length { get; private set; } = ProtocolLimits.PrefixSize;

    /// <summary>The whole message: length, header, payload.</summary>
    public ReadOnlyMemory<byte> Message => _buffer.AsMemory(0, Length);

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(ProtocolLimits.PrefixSize, Length - ProtocolLimits.PrefixSize);

    /// <summary>Room for the length word and the header, filled in when the message gets its serial number.</summary>
    public Span<byte> Prefix => _buffer.AsSpan(0, ProtocolLimits.PrefixSize);

    public XdrWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(4), value);
        return this;
    }

    public XdrWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);
        return this;
    }

    public XdrWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Reserve(8), value);
        return this;
    }

    public XdrWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Reserve(8), value);
        return this;
    }

    public XdrWriter Double(double value)
    {
        BinaryPrimitives.WriteDoubleBigEndian(Reserve(8), value);
        return this;
    }

    public XdrWriter Truth(bool value) => Int32(value ? 1 : 0);

    public XdrWriter Uuid(Guid value)
    {
        value.TryWriteBytes(Reserve(16), bigEndian: true, out _);
        return this;
    }

    public XdrWriter String(string value, int maximum = ProtocolLimits.StringMax)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A text with a NUL character cannot be sent: the server would see only what stands before it.", nameof(value));
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > maximum)
            throw new ArgumentException($"A text of {length} bytes is longer than the {maximum} bytes that libvirt's protocol allows.", nameof(value));
        UInt32((uint)length);
        var target = Reserve(length + (-length & 3));
        Encoding.UTF8.GetBytes(value, target);
        target[length..].Clear();
        return this;
    }

    public XdrWriter OptionalString(string? value) => value is null ? UInt32(0) : UInt32(1).String(value);

    public XdrWriter Opaque(ReadOnlySpan<byte> value, int maximum)
    {
        if (value.Length > maximum)
            throw new ArgumentException($"{value.Length} bytes are more than the {maximum} that libvirt's protocol allows.", nameof(value));
        UInt32((uint)value.Length);
        var target = Reserve(value.Length + (-value.Length & 3));
        value.CopyTo(target);
        target[value.Length..].Clear();
        return this;
    }

    /// <summary>Bytes without a length, as stream packets carry them.</summary>
    public XdrWriter Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        return this;
    }

    public XdrWriter List<T>(IReadOnlyCollection<T> values, int maximum, Action<XdrWriter, T> element)
    {
        if (values.Count > maximum)
            throw new ArgumentException($"A list of {values.Count} elements is longer than the {maximum} that libvirt's protocol allows.", nameof(values));
        UInt32((uint)values.Count);
        foreach (var value in values)
            element(this, value);
        return this;
    }

    /// <summary>Gives the buffer back. The writer is not used after it.</summary>
    public void Return()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private Span<byte> Reserve(int count)
    {
        var needed = Length + count;
        if (needed > ProtocolLimits.MessageMax + ProtocolLimits.LengthSize)
            throw new ArgumentException($"The arguments of a call are larger than the {ProtocolLimits.MessageMax} bytes that libvirt's protocol allows a message.");
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
            _buffer.AsSpan(0, Length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var result = _buffer.AsSpan(Length, count);
        Length = needed;
        return result;
    }
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace StratusLab.Libvirt.Xdr;

/// <summary>
/// Reads XDR (RFC 4506) from a span. Every length is checked against what is left and against the protocol's own maximum
/// before anything is allocated.
/// </summary>
internal ref struct XdrReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    public readonly int Remaining => _data.Length - _position;

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>An <c>int</c> that libvirt uses as a truth value.</summary>
    public bool ReadTruth() => ReadInt32() != 0;

    /// <summary>The discriminant of an optional value, which XDR allows to be 0 or 1 only.</summary>
    public bool ReadPresence()
    {
        var value = ReadUInt32();
        return value <= 1 ? value == 1 : Fail<bool>($"an optional value's marker is {value}, where only 0 and 1 are allowed");
    }

    public ReadOnlySpan<byte> ReadFixedOpaque(int length)
    {
        var result = Take(length);
        SkipPadding(length);
        return result;
    }

    public ReadOnlySpan<byte> ReadOpaque(int maximum)
    {
        var length = ReadUInt32();
        if (length > (uint)maximum)
            Fail<int>($"a length of {length} bytes exceeds the protocol's maximum of {maximum}");
        if (length > (uint)Remaining)
            Fail<int>($"a length of {length} bytes exceeds the {Remaining} bytes left in the message");
        return ReadFixedOpaque((int)length);
    }

    public string ReadString(int maximum = ProtocolLimits.StringMax) => Encoding.UTF8.GetString(ReadOpaque(maximum));

    public string? ReadOptionalString(int maximum = ProtocolLimits.StringMax) => ReadPresence() ? ReadString(maximum) : null;

    public Guid ReadUuid() => new(ReadFixedOpaque(16), bigEndian: true);

    /// <summary>The number of elements of a list, held against the protocol's maximum and against the smallest size that so many elements could have.</summary>
    public int ReadCount(int maximum, int minimumElementSize)
    {
        var count = ReadUInt32();
        if (count > (uint)maximum)
            Fail<int>($"a list of {count} elements exceeds the protocol's maximum of {maximum}");
        if ((ulong)count * (ulong)minimumElementSize > (ulong)Remaining)
            Fail<int>($"a list of {count} elements cannot fit into the {Remaining} bytes left in the message");
        return (int)count;
    }

    public T[] ReadList<T>(int maximum, int minimumElementSize, XdrDecoder<T> element)
    {
        var count = ReadCount(maximum, minimumElementSize);
        if (count == 0)
            return [];
        var result = new T[count];
        for (var i = 0; i < result.Length; i++)
            result[i] = element(ref this);
        return result;
    }

    public readonly void EnsureEnd()
    {
        if (Remaining != 0)
            Fail<int>($"{Remaining} bytes follow the end of the message's content");
    }

    [DoesNotReturn]
    public readonly T Fail<T>(string what) => throw new LibvirtProtocolException($"Malformed libvirt message at payload byte {_position}: {what}.");

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > Remaining)
            Fail<int>($"{length} bytes were expected and {Remaining} are left");
        var result = _data.Slice(_position, length);
        _position += length;
        return result;
    }

    private void SkipPadding(int length) => Take(-length & 3);
}

using System.Text;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary><c>remote_typed_param</c>: a name and a union over <c>virTypedParameterType</c>.</summary>
internal static class ParameterCodec
{
    /// <summary>An empty name, a type and a value of four bytes.</summary>
    private const int MinimumSize = 12;

    /// <summary>Parameter names repeat from domain to domain: one cache per reply makes each of them one string.</summary>
    public static TypedParameterList ReadList(ref XdrReader reader, int maximum, NameCache names)
    {
        var count = reader.ReadCount(maximum, MinimumSize);
        var items = count == 0 ? [] : new TypedParameter[count];
        for (var i = 0; i < items.Length; i++)
        {
            var name = names.Get(reader.ReadOpaque(ProtocolLimits.StringMax));
            items[i] = ReadValue(ref reader, name);
        }

        return new TypedParameterList(items);
    }

    public static XdrWriter Parameters(this XdrWriter writer, IReadOnlyCollection<TypedParameter> parameters, int maximum) =>
        writer.List(parameters, maximum, static (w, p) => Write(w, p));

    private static TypedParameter ReadValue(ref XdrReader reader, string name)
    {
        var type = reader.ReadInt32();
        return (TypedParameterType)type switch
        {
            TypedParameterType.Int32 => TypedParameter.Int32(name, reader.ReadInt32()),
            TypedParameterType.UInt32 => TypedParameter.UInt32(name, reader.ReadUInt32()),
            TypedParameterType.Int64 => TypedParameter.Int64(name, reader.ReadInt64()),
            TypedParameterType.UInt64 => TypedParameter.UInt64(name, reader.ReadUInt64()),
            TypedParameterType.Double => TypedParameter.Double(name, reader.ReadDouble()),
            TypedParameterType.Boolean => TypedParameter.Boolean(name, reader.ReadTruth()),
            TypedParameterType.String => TypedParameter.String(name, reader.ReadString()),
            _ => reader.Fail<TypedParameter>($"a typed parameter of type {type}, which does not exist"),
        };
    }

    private static XdrWriter Write(XdrWriter writer, TypedParameter parameter)
    {
        writer.String(parameter.Name).Int32((int)parameter.Type);
        return parameter.Type switch
        {
            TypedParameterType.Int32 or TypedParameterType.UInt32 or TypedParameterType.Boolean => writer.Int32(unchecked((int)parameter.Bits)),
            TypedParameterType.String => writer.String(parameter.AsString()!),
            TypedParameterType.Int64 or TypedParameterType.UInt64 or TypedParameterType.Double => writer.Int64(parameter.Bits),
            _ => throw new ArgumentException("A typed parameter has no value: make it with one of TypedParameter's methods.", nameof(parameter)),
        };
    }

    /// <summary>Strings of a reply by their UTF-8 bytes. Direct-mapped: a collision only costs a string.</summary>
    internal sealed class NameCache
    {
        private const int LongestName = 64;

        private readonly (byte[] Bytes, string Text)[] _slots = new (byte[], string)[512];

        public string Get(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > LongestName)
                return Encoding.UTF8.GetString(bytes);
            var hash = 17u;
            foreach (var b in bytes)
                hash = (hash * 31) + b;
            ref var slot = ref _slots[hash % (uint)_slots.Length];
            if (slot.Bytes is { } known && bytes.SequenceEqual(known))
                return slot.Text;
            slot = (bytes.ToArray(), Encoding.UTF8.GetString(bytes));
            return slot.Text;
        }
    }
}

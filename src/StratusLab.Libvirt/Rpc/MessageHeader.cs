using System.Buffers.Binary;

namespace StratusLab.Libvirt.Rpc;

/// <summary><c>virNetMessageHeader</c> in src/rpc/virnetprotocol.x: 24 bytes that follow the length word of every message.</summary>
internal readonly record struct MessageHeader(RpcProcedure Procedure, MessageType Type, uint Serial, MessageStatus Status)
{
    /// <summary>Reads a header that a server may send, or throws <see cref="LibvirtProtocolException"/>.</summary>
    public static MessageHeader Read(ReadOnlySpan<byte> source)
    {
        var version = BinaryPrimitives.ReadUInt32BigEndian(source[4..]);
        if (version != RpcProcedure.Version)
            throw new LibvirtProtocolException($"Malformed libvirt message: its program version is {version}, where only {RpcProcedure.Version} exists.");

        var type = (MessageType)BinaryPrimitives.ReadInt32BigEndian(source[12..]);
        if (type is not (MessageType.Reply or MessageType.Event or MessageType.Stream or MessageType.StreamHole))
            throw new LibvirtProtocolException($"Malformed libvirt message: a server cannot send messages of type {(int)type} to this client.");

        var status = (MessageStatus)BinaryPrimitives.ReadInt32BigEndian(source[20..]);
        if (status is not (MessageStatus.Ok or MessageStatus.Error or MessageStatus.Continue))
            throw new LibvirtProtocolException($"Malformed libvirt message: there is no status {(int)status}.");

        var procedure = new RpcProcedure(BinaryPrimitives.ReadUInt32BigEndian(source), BinaryPrimitives.ReadInt32BigEndian(source[8..]));
        return new MessageHeader(procedure, type, BinaryPrimitives.ReadUInt32BigEndian(source[16..]), status);
    }

    /// <summary>Writes the length word and the header of a message of <paramref name="length"/> bytes in all.</summary>
    public void WritePrefix(Span<byte> target, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(target, length);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], Procedure.Program);
        BinaryPrimitives.WriteUInt32BigEndian(target[8..], RpcProcedure.Version);
        BinaryPrimitives.WriteInt32BigEndian(target[12..], Procedure.Number);
        BinaryPrimitives.WriteInt32BigEndian(target[16..], (int)Type);
        BinaryPrimitives.WriteUInt32BigEndian(target[20..], Serial);
        BinaryPrimitives.WriteInt32BigEndian(target[24..], (int)Status);
    }
}

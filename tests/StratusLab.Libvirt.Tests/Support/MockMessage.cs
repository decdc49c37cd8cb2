using System.Buffers.Binary;
using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Tests;

/// <summary>A message that the client sent.</summary>
internal sealed record MockMessage(RpcProcedure Procedure, MessageType Type, uint Serial, MessageStatus Status, byte[] Payload)
{
    public XdrReader Reader => new(Payload);

    public static MockMessage Parse(byte[] headerAndPayload)
    {
        int Word(int index) => BinaryPrimitives.ReadInt32BigEndian(headerAndPayload.AsSpan(index * 4));
        return new(new RpcProcedure((uint)Word(0), Word(2)), (MessageType)Word(3), (uint)Word(4), (MessageStatus)Word(5), headerAndPayload[24..]);
    }
}

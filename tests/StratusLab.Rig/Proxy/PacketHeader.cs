using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace StratusLab.Rig.Proxy;

/// <summary>The header of one libvirt RPC packet (libvirt, src/rpc/virnetprotocol.x).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PacketHeader(
    int Length, uint Program, uint Version, int Procedure, PacketType Type, uint Serial, int Status)
{
    /// <summary>Bytes of the length word and the header.</summary>
    public const int Size = 28;

    /// <summary>The program of domains, networks, pools and volumes.</summary>
    public const uint RemoteProgram = 0x20008086;

    /// <summary>Reads the length word and the header.</summary>
    public static PacketHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32BigEndian(bytes),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[12..]),
        (PacketType)BinaryPrimitives.ReadInt32BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[24..]));
}

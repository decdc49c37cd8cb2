using System.Buffers.Binary;
using System.Text;

namespace StratusLab.Sdk.Tests;

/// <summary>A small qcow2 file, version 3, that can be spoiled field by field (QEMU, docs/interop/qcow2.rst).</summary>
internal sealed class Qcow2File
{
    public const int Cluster = 65536;

    // Header, refcount table, refcount block, L1, one L2, one data cluster.
    public byte[] Bytes { get; private set; } = new byte[6 * Cluster];

    public Qcow2File()
    {
        "QFI\xFB"u8[..3].CopyTo(Bytes);
        Bytes[3] = 0xFB;
        U32(4, 3).U32(20, 16).U64(24, 10 << 20).U32(36, 1).U64(40, 3 * Cluster).U64(48, Cluster).U32(56, 1).U32(96, 4).U32(100, 104);
        U64(Cluster, 2 * Cluster).U64(3 * Cluster, (4 * Cluster) | (1UL << 63)).U64(4 * Cluster, (5 * Cluster) | (1UL << 63));
        for (var i = 0; i < 6; i++) BinaryPrimitives.WriteUInt16BigEndian(Bytes.AsSpan((2 * Cluster) + (2 * i)), 1);
    }

    public Qcow2File U32(int at, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Bytes.AsSpan(at), value);
        return this;
    }

    public Qcow2File U64(int at, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Bytes.AsSpan(at), value);
        return this;
    }

    public Qcow2File Backing(string name)
    {
        Encoding.UTF8.GetBytes(name).CopyTo(Bytes.AsSpan(512));
        return U64(8, 512).U32(16, (uint)Encoding.UTF8.GetByteCount(name));
    }

    public Qcow2File CutTo(int length)
    {
        Bytes = Bytes[..length];
        return this;
    }
}

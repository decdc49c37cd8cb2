using System.Buffers.Binary;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Whether a qcow2 file is whole and stands by itself.</summary>
internal static class Qcow2Check
{
    // QEMU's own limits (block/qcow2.h).
    private const ulong MaxL1Bytes = 32 << 20;
    private const ulong MaxRefcountBytes = 8 << 20;
    private const ulong MaxVirtualSize = 1UL << 50;
    private const ulong OffsetMask = 0x00FF_FFFF_FFFF_FE00;
    private const ulong Compressed = 1UL << 62;

    /// <summary>Checks the header and follows the tables; the data itself is not read.</summary>
    /// <returns>The virtual size.</returns>
    public static async Task<ByteSize> RunAsync(Stream file, CancellationToken cancellationToken)
    {
        var length = (ulong)file.Length;
        var header = Qcow2Header.Read(await ReadAsync(file, 0, (int)Math.Min(length, Qcow2Header.MaxLength), cancellationToken).ConfigureAwait(false));
        CheckHeader(header);
        CheckTables(header, length);
        await CheckMappingAsync(file, header, length, cancellationToken).ConfigureAwait(false);
        return new ByteSize((long)header.Size);
    }

    private static void CheckHeader(Qcow2Header header)
    {
        if (header.BackingFile is { } backing)
        {
            throw new InvalidInputException(
                "ImageHasBackingFile",
                $"The qcow2 image only holds the differences to another file, '{backing}', and is no use without it. Make it whole first: qemu-img convert -O qcow2 IMAGE WHOLE.qcow2",
                "Path");
        }

        var features = header.Features;
        if (features.HasFlag(Qcow2Header.Incompatible.ExternalData))
            throw Qcow2Header.Bad("its data is in another file. Make it whole first: qemu-img convert -O qcow2 IMAGE WHOLE.qcow2");
        if (features.HasFlag(Qcow2Header.Incompatible.Corrupt)) throw Qcow2Header.Bad("it is marked corrupt. Try qemu-img check -r all");
        if (features.HasFlag(Qcow2Header.Incompatible.Dirty)) throw Qcow2Header.Bad("it was not closed cleanly, or is in use. Stop what uses it, then qemu-img check -r leaks");
        if ((features & ~Qcow2Header.Incompatible.Known) is not Qcow2Header.Incompatible.None and var unknown)
            throw Qcow2Header.Bad($"it needs features that are not known here (bits 0x{(ulong)unknown:x})");
        if (header.CryptMethod != 0) throw Qcow2Header.Bad("it is encrypted, so no host could boot it");
        if (header.Size is 0 or > MaxVirtualSize) throw Qcow2Header.Bad($"its virtual size is {header.Size} bytes");
    }

    private static void CheckTables(Qcow2Header header, ulong length)
    {
        var perL2 = header.ClusterSize / (ulong)header.L2EntrySize * header.ClusterSize;
        var needed = (header.Size + perL2 - 1) / perL2;
        if (header.L1Size < needed || header.L1Size * 8UL > MaxL1Bytes) throw Qcow2Header.Bad($"its L1 table has {header.L1Size} entries where {needed} are needed");
        CheckTable("L1 table", header, header.L1Offset, header.L1Size * 8UL, length);
        if (header.RefcountClusters == 0 || header.RefcountClusters * header.ClusterSize > MaxRefcountBytes)
            throw Qcow2Header.Bad($"its refcount table has {header.RefcountClusters} clusters");
        CheckTable("refcount table", header, header.RefcountOffset, header.RefcountClusters * header.ClusterSize, length);
    }

    private static void CheckTable(string name, Qcow2Header header, ulong offset, ulong bytes, ulong length)
    {
        if (offset == 0 || offset % header.ClusterSize != 0) throw Qcow2Header.Bad($"its {name} begins at {offset}, which is not the beginning of a cluster");
        if (offset > length || bytes > length - offset) throw Qcow2Header.Bad($"its {name} ends beyond the end of the file; the file was cut short");
    }

    // A file that was cut short, as by a broken download, mostly has whole tables that point beyond its end.
    private static async Task CheckMappingAsync(Stream file, Qcow2Header header, ulong length, CancellationToken cancellationToken)
    {
        var l1 = await ReadAsync(file, header.L1Offset, (int)header.L1Size * 8, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < l1.Length; i += 8)
        {
            var offset = BinaryPrimitives.ReadUInt64BigEndian(l1.AsSpan(i)) & OffsetMask;
            if (offset == 0) continue;
            CheckTable("L2 table", header, offset, header.ClusterSize, length);
            var l2 = await ReadAsync(file, offset, (int)header.ClusterSize, cancellationToken).ConfigureAwait(false);
            for (var j = 0; j < l2.Length; j += header.L2EntrySize)
            {
                if (DataOffset(header, BinaryPrimitives.ReadUInt64BigEndian(l2.AsSpan(j))) >= length)
                    throw Qcow2Header.Bad($"it refers to data beyond its end at {length}; the file was cut short");
            }
        }
    }

    private static ulong DataOffset(Qcow2Header header, ulong entry) =>
        (entry & Compressed) == 0 ? entry & OffsetMask : entry & ((1UL << (62 - (header.ClusterBits - 8))) - 1);

    private static async Task<byte[]> ReadAsync(Stream file, ulong offset, int count, CancellationToken cancellationToken)
    {
        var buffer = new byte[count];
        file.Position = (long)offset;
        await file.ReadExactlyAsync(buffer, cancellationToken).ConfigureAwait(false);
        return buffer;
    }
}

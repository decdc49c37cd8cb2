using System.Buffers.Binary;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The header of a qcow2 file, versions 2 and 3 (QEMU, docs/interop/qcow2.rst).</summary>
internal sealed record Qcow2Header
{
    /// <summary>Every file has at least the header of version 2.</summary>
    public const int MinLength = 72;

    /// <summary>A header of version 3 with the name of a backing file fits into this.</summary>
    public const int MaxLength = 4096;

    [Flags]
    public enum Incompatible : ulong
    {
        None = 0,
        Dirty = 1,
        Corrupt = 1 << 1,
        ExternalData = 1 << 2,
        Compression = 1 << 3,
        ExtendedL2 = 1 << 4,
        Known = Dirty | Corrupt | ExternalData | Compression | ExtendedL2,
    }

    public static ReadOnlySpan<byte> Magic => [(byte)'Q', (byte)'F', (byte)'I', 0xFB];

    public required uint Version { get; init; }

    public required int ClusterBits { get; init; }

    public required ulong Size { get; init; }

    public required uint CryptMethod { get; init; }

    public required uint L1Size { get; init; }

    public required ulong L1Offset { get; init; }

    public required ulong RefcountOffset { get; init; }

    public required uint RefcountClusters { get; init; }

    public required Incompatible Features { get; init; }

    /// <summary>Name of the file that this one only holds the differences to; null for none.</summary>
    public required string? BackingFile { get; init; }

    public ulong ClusterSize => 1UL << ClusterBits;

    /// <summary>Bytes of one entry of an L2 table.</summary>
    public int L2EntrySize => Features.HasFlag(Incompatible.ExtendedL2) ? 16 : 8;

    /// <summary>Reads the header from the beginning of a file.</summary>
    /// <param name="head">The first <see cref="MaxLength"/> bytes, or the whole file if it is shorter.</param>
    /// <exception cref="InvalidInputException">It is not a header that this version understands.</exception>
    public static Qcow2Header Read(ReadOnlySpan<byte> head)
    {
        if (head.Length < MinLength) throw Bad("the file ends within its header");
        var version = U32(head, 4);
        if (version is not (2 or 3)) throw Bad($"its version is {version}; 2 and 3 are supported");
        if (version == 3 && head.Length < 104) throw Bad("the file ends within its header");
        var clusterBits = U32(head, 20);
        if (clusterBits is < 9 or > 21) throw Bad($"its cluster size is 2^{clusterBits} bytes; 2^9 to 2^21 are allowed");
        return new Qcow2Header
        {
            Version = version,
            ClusterBits = (int)clusterBits,
            Size = U64(head, 24),
            CryptMethod = U32(head, 32),
            L1Size = U32(head, 36),
            L1Offset = U64(head, 40),
            RefcountOffset = U64(head, 48),
            RefcountClusters = U32(head, 56),
            Features = version == 3 ? (Incompatible)U64(head, 72) : Incompatible.None,
            BackingFile = BackingName(head, U64(head, 8), U32(head, 16)),
        };
    }

    internal static InvalidInputException Bad(string why) =>
        new("InvalidImageFile", $"The file is a damaged or unusable qcow2 image: {why}.", "Path");

    private static string? BackingName(ReadOnlySpan<byte> head, ulong offset, uint length)
    {
        if (offset == 0) return null;
        if (length is 0 or > 1023 || offset + length > (ulong)head.Length) return "a name that cannot be read";
        var name = Encoding.UTF8.GetString(head.Slice((int)offset, (int)length));
        return new string([.. name.Select(c => char.IsControl(c) ? '?' : c)]);
    }

    private static uint U32(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt32BigEndian(b[at..]);

    private static ulong U64(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt64BigEndian(b[at..]);
}

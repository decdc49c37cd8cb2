using System.Buffers.Binary;
using System.Text;

namespace StratusLab.Kvm;

/// <summary>
/// Writes a small ISO 9660 image (ECMA-119) with Rock Ridge names (IEEE P1282, System Use Sharing Protocol P1281), whose root folder holds all files.
/// </summary>
internal static class IsoImage
{
    private const int Sector = 2048;
    private const int DescriptorSector = 16;
    private const int TerminatorSector = 17;
    private const int PathTableLittleSector = 18;
    private const int PathTableBigSector = 19;
    private const int RootSector = 20;
    private const int ContinuationSector = 21;
    private const int FirstFileSector = 22;
    private const int PathTableLength = 10;

    // As every ISO writer adds: programs that look for file systems read 64 KiB and more at once and pass over a shorter device.
    private const int PaddingSectors = 150;

    /// <summary>Makes the image.</summary>
    /// <param name="volumeId">The label, up to 32 characters.</param>
    /// <param name="files">At most 8 files, in the order of their ISO names.</param>
    /// <param name="time">The time that every file carries.</param>
    public static byte[] Write(string volumeId, IReadOnlyList<IsoFile> files, DateTimeOffset time)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(files.Count, 8);
        var sectors = FirstFileSector + files.Sum(f => SectorsOf(f.Content.Length)) + PaddingSectors;
        var image = new byte[sectors * Sector];
        WriteDescriptor(image.AsSpan(DescriptorSector * Sector, Sector), volumeId, sectors, time);
        WriteTerminator(image.AsSpan(TerminatorSector * Sector, Sector));
        WritePathTable(image.AsSpan(PathTableLittleSector * Sector), littleEndian: true);
        WritePathTable(image.AsSpan(PathTableBigSector * Sector), littleEndian: false);
        RockRidge.WriteExtensionReference(image.AsSpan(ContinuationSector * Sector));

        var folder = image.AsSpan(RootSector * Sector, Sector);
        var at = WriteRecord(folder, "\0", RootSector, Sector, isFolder: true, time, RockRidge.OfRoot(ContinuationSector));
        at += WriteRecord(folder[at..], "\u0001", RootSector, Sector, isFolder: true, time, RockRidge.OfFolder());
        var sector = FirstFileSector;
        foreach (var file in files)
        {
            at += WriteRecord(folder[at..], file.IsoName + ";1", sector, file.Content.Length, isFolder: false, time, RockRidge.OfFile(file.Name));
            file.Content.Span.CopyTo(image.AsSpan(sector * Sector));
            sector += SectorsOf(file.Content.Length);
        }

        return image;
    }

    private static int SectorsOf(int length) => (length + Sector - 1) / Sector;

    // ECMA-119 8.4
    private static void WriteDescriptor(Span<byte> d, string volumeId, int sectors, DateTimeOffset time)
    {
        d[0] = 1;
        "CD001"u8.CopyTo(d[1..]);
        d[6] = 1;
        Text(d.Slice(8, 32), "LINUX");
        Text(d.Slice(40, 32), volumeId);
        Both32(d[80..], sectors);
        Both16(d[120..], 1);
        Both16(d[124..], 1);
        Both16(d[128..], Sector);
        Both32(d[132..], PathTableLength);
        BinaryPrimitives.WriteInt32LittleEndian(d[140..], PathTableLittleSector);
        BinaryPrimitives.WriteInt32BigEndian(d[148..], PathTableBigSector);
        WriteRecord(d[156..], "\0", RootSector, Sector, isFolder: true, time, []);
        Text(d.Slice(190, 128), "");
        Text(d.Slice(318, 128 * 3), "");
        Text(d.Slice(702, 37 * 3), "");
        for (var i = 813; i < 881; i += 17) Text(d.Slice(i, 16), "0000000000000000");
        d[881] = 1;
    }

    // ECMA-119 8.3
    private static void WriteTerminator(Span<byte> d)
    {
        d[0] = 255;
        "CD001"u8.CopyTo(d[1..]);
        d[6] = 1;
    }

    // ECMA-119 9.4: one entry, the root
    private static void WritePathTable(Span<byte> d, bool littleEndian)
    {
        d[0] = 1;
        if (littleEndian)
        {
            BinaryPrimitives.WriteInt32LittleEndian(d[2..], RootSector);
            BinaryPrimitives.WriteInt16LittleEndian(d[6..], 1);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(d[2..], RootSector);
            BinaryPrimitives.WriteInt16BigEndian(d[6..], 1);
        }
    }

    // ECMA-119 9.1
    private static int WriteRecord(Span<byte> d, string name, int sector, int length, bool isFolder, DateTimeOffset time, ReadOnlySpan<byte> systemUse)
    {
        var nameEnd = 33 + name.Length;
        var systemUseAt = nameEnd + (name.Length % 2 == 0 ? 1 : 0);
        var size = systemUseAt + systemUse.Length;
        size += size % 2;
        d[0] = (byte)size;
        Both32(d[2..], sector);
        Both32(d[10..], length);
        var utc = time.UtcDateTime;
        ReadOnlySpan<byte> stamp = [(byte)(utc.Year - 1900), (byte)utc.Month, (byte)utc.Day, (byte)utc.Hour, (byte)utc.Minute, (byte)utc.Second, 0];
        stamp.CopyTo(d[18..]);
        d[25] = (byte)(isFolder ? 2 : 0);
        Both16(d[28..], 1);
        d[32] = (byte)name.Length;
        Encoding.ASCII.GetBytes(name, d[33..]);
        systemUse.CopyTo(d[systemUseAt..]);
        return size;
    }

    private static void Text(Span<byte> d, string text)
    {
        d.Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, d);
    }

    internal static void Both32(Span<byte> d, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(d, value);
        BinaryPrimitives.WriteInt32BigEndian(d[4..], value);
    }

    private static void Both16(Span<byte> d, short value)
    {
        BinaryPrimitives.WriteInt16LittleEndian(d, value);
        BinaryPrimitives.WriteInt16BigEndian(d[2..], value);
    }
}

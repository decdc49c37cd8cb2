using System.Buffers.Binary;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What the beginning of a raw disk tells: a boot sector, a GPT (UEFI specification, chapter 5), what it boots with.</summary>
internal static class RawDisk
{
    private const int Sector = 512;
    private const int MaxEntries = 1024;

    private static readonly Guid EfiSystemPartition = new("C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
    private static readonly Guid BiosBootPartition = new("21686148-6449-6E6F-744E-656564454649");

    public static bool HasBootSector(ReadOnlySpan<byte> head) => head.Length >= Sector && head[510] == 0x55 && head[511] == 0xAA;

    /// <summary>Checks that the disk is whole, and says what it boots with.</summary>
    /// <param name="head">At least the first 64 KiB, or the whole file if it is shorter.</param>
    /// <param name="length">Length of the file.</param>
    public static Firmware Check(ReadOnlySpan<byte> head, long length)
    {
        if (length % Sector != 0)
            throw DiskFile.Bad($"it is {length} bytes long, which is not a whole number of {Sector}-byte sectors; the file was probably cut short");
        return IsGpt(head) ? CheckGpt(head, length) : CheckMbr(head, length);
    }

    private static bool IsGpt(ReadOnlySpan<byte> head) => head.Length >= 2 * Sector && head.Slice(Sector, 8).SequenceEqual("EFI PART"u8);

    private static Firmware CheckMbr(ReadOnlySpan<byte> head, long length)
    {
        for (var entry = 446; entry < 510; entry += 16)
        {
            if (head[entry + 4] == 0) continue;
            var end = ((long)U32(head, entry + 8) + U32(head, entry + 12)) * Sector;
            if (end > length) throw DiskFile.Bad($"a partition ends at {end}, beyond the end of the file at {length}; the file was cut short");
        }

        return Firmware.Bios;
    }

    private static Firmware CheckGpt(ReadOnlySpan<byte> head, long length)
    {
        var lastUsable = U64(head, Sector + 48);
        if (lastUsable >= (ulong)(length / Sector))
            throw DiskFile.Bad($"its partition table speaks of {lastUsable + 1} sectors and the file has {length / Sector}; the file was cut short");

        var (start, count, size) = (U64(head, Sector + 72) * Sector, Math.Min(U32(head, Sector + 80), MaxEntries), U32(head, Sector + 84));
        var (efi, bios) = (false, head[..440].ContainsAnyExcept((byte)0));
        for (var i = 0u; i < count && size is >= 128 and <= 4096; i++)
        {
            var at = start + ((ulong)i * size);
            if (at + 16 > (ulong)head.Length) break;
            var type = new Guid(head.Slice((int)at, 16));
            efi |= type == EfiSystemPartition;
            bios |= type == BiosBootPartition;
        }

        return efi && !bios ? Firmware.Uefi : Firmware.Bios;
    }

    private static uint U32(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt32LittleEndian(b[at..]);

    private static ulong U64(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt64LittleEndian(b[at..]);
}

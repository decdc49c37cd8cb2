using System.Text;

namespace StratusLab.Sdk;

/// <summary>Names what people take for disk images by mistake.</summary>
internal static class FileSignature
{
    private const int IsoDescriptor = 32769;

    private static readonly (int Offset, byte[] Bytes, string Name)[] Known =
    [
        (0, [.. DiskCompression.Magic], "compressed with gzip; decompress it first (gunzip)"),
        (0, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "compressed with xz; decompress it first (unxz)"),
        (0, [0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd; decompress it first (unzstd)"),
        (0, "BZh"u8.ToArray(), "compressed with bzip2; decompress it first (bunzip2)"),
        (0, [0x04, 0x22, 0x4D, 0x18], "compressed with lz4; decompress it first (unlz4)"),
        (0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive; unpack it first"),
        (0, "PK\x03\x04"u8.ToArray(), "a zip archive; unpack it first"),
        (257, "ustar"u8.ToArray(), "a tar archive (perhaps an OVA); unpack it first"),
        (IsoDescriptor, "CD001"u8.ToArray(), "an ISO 9660 image (an installation medium), not an installed disk"),
        (0, "KDMV"u8.ToArray(), "a VMDK image; convert it first: qemu-img convert -O qcow2"),
        (0, "# Disk DescriptorFile"u8.ToArray(), "the descriptor of a VMDK image; convert that first: qemu-img convert -O qcow2"),
        (0, "conectix"u8.ToArray(), "a VHD image; convert it first: qemu-img convert -O qcow2"),
        (0, "vhdxfile"u8.ToArray(), "a VHDX image; convert it first: qemu-img convert -O qcow2"),
        (0, "<<< "u8.ToArray(), "a VDI image; convert it first: qemu-img convert -O qcow2"),
        (0, "QED\0"u8.ToArray(), "a QED image; convert it first: qemu-img convert -O qcow2"),
        (0, [0x4C, 0x55, 0x4B, 0x53, 0xBA, 0xBE], "an encrypted LUKS volume"),
        (0, [0x7F, 0x45, 0x4C, 0x46], "a program (ELF)"),
        (0, "%PDF"u8.ToArray(), "a PDF document"),
    ];

    /// <summary>What a file is if it is surely no disk; null if it may be one.</summary>
    public static string? NameOf(ReadOnlySpan<byte> head)
    {
        foreach (var (offset, bytes, name) in Known)
            if (head.Length >= offset + bytes.Length && head.Slice(offset, bytes.Length).SequenceEqual(bytes)) return name;
        return IsText(head[..Math.Min(head.Length, 512)]) ? "a text file" : null;
    }

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        // A multi-byte character may be cut at the end of what was read.
        var text = Encoding.UTF8.GetString(head);
        foreach (var c in text.AsSpan(0, Math.Max(0, text.Length - 4)))
            if (c == '\uFFFD' || (char.IsControl(c) && c is not ('\n' or '\r' or '\t' or '\f'))) return false;
        return true;
    }
}

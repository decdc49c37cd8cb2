using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What a disk file is, found from its content before anything is done with it.</summary>
/// <param name="Format">Its format.</param>
/// <param name="VirtualSize">The size that a guest sees.</param>
/// <param name="Firmware">What it seems to boot with.</param>
internal sealed record DiskFile(DiskFormat Format, ByteSize VirtualSize, Firmware Firmware)
{
    private const int HeadLength = 64 << 10;

    /// <summary>Looks at an open file and leaves it at its beginning.</summary>
    /// <exception cref="InvalidInputException">It is no disk image that a VM could boot; the message says what it is instead.</exception>
    public static async Task<DiskFile> DetectAsync(Stream file, DiskFormat? expected, CancellationToken cancellationToken)
    {
        var head = new byte[Math.Min(file.Length, HeadLength)];
        file.Position = 0;
        await file.ReadExactlyAsync(head, cancellationToken).ConfigureAwait(false);
        if (head.Length == 0) throw Bad("it is empty");

        DiskFile disk;
        if (head.AsSpan().StartsWith(Qcow2Header.Magic))
            disk = new DiskFile(DiskFormat.Qcow2, await Qcow2Check.RunAsync(file, cancellationToken).ConfigureAwait(false), Firmware.Bios);
        else if (FileSignature.NameOf(head) is { } other)
            throw Bad($"it is {other}");
        else if (RawDisk.HasBootSector(head))
            disk = new DiskFile(DiskFormat.Raw, new ByteSize(file.Length), RawDisk.Check(head, file.Length));
        else
            throw Bad("it has neither a qcow2 header nor a boot sector");

        if (expected is { } format && format != disk.Format) throw Bad($"its content is {disk.Format}, not {format} as was said");
        file.Position = 0;
        return disk;
    }

    internal static InvalidInputException Bad(string why) =>
        new("InvalidImageFile", $"The file is not a disk image that a VM could boot: {why}. Needed is a qcow2 image, or a raw disk with a boot sector.", "Path");
}

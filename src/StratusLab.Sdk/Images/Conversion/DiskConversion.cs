using System.Buffers.Binary;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Turns the disk files of other hypervisors into qcow2, and images' disks into what other hypervisors take.</summary>
internal sealed class DiskConversion(ScratchFolder scratch)
{
    private const int HeadLength = 512;

    private static readonly (byte[] Magic, string Format)[] Known =
    [
        ("KDMV"u8.ToArray(), "vmdk"),
        ("vhdxfile"u8.ToArray(), "vhdx"),
        ("conectix"u8.ToArray(), "vpc"),
    ];

    /// <summary>Converts a file if it is of another hypervisor, and qemu-img is there.</summary>
    /// <returns>The qcow2, which the caller removes; null for a file that is to be taken, or refused, as it is.</returns>
    /// <exception cref="InvalidInputException"><c>InvalidImageFile</c>, <c>ImageHasBackingFile</c>: the file does not stand by itself, or is damaged.</exception>
    public async Task<string?> TryConvertAsync(string path, CancellationToken cancellationToken)
    {
        if (!QemuImg.IsThere || await TrySourceAsync(path, cancellationToken).ConfigureAwait(false) is not { } source) return null;
        if (await QemuImg.BackingFileAsync(source, cancellationToken).ConfigureAwait(false) is { } backing)
            throw new InvalidInputException("ImageHasBackingFile", $"The disk only holds the differences to another file, '{ImageReference.Printable(backing)}', and is no use without it. Make it whole first.", "Path");
        var target = await ScratchAsync("qcow2").ConfigureAwait(false);
        try
        {
            await QemuImg.ConvertAsync(source, target, "qcow2", "compat=1.1", cancellationToken).ConfigureAwait(false);
            return target;
        }
        catch (Exception e)
        {
            File.Delete(target);
            if (e is StratusException { ErrorId: "DiskConversionFailed" })
                throw new InvalidInputException("InvalidImageFile", $"The file cannot be converted to a disk image: {e.Message}", "Path", e);
            throw;
        }
    }

    /// <summary>Converts an image's disk to a stream-optimized VMDK, through a verified copy of it.</summary>
    /// <returns>The VMDK, a file that is removed when it is closed; null for a raw disk where qemu-img is missing: that can go as it is.</returns>
    /// <exception cref="StratusException"><c>QemuImgNotFound</c>, <c>ImageCorrupt</c>, <c>DiskConversionFailed</c>.</exception>
    public async Task<ConvertedDisk?> ToVmdkAsync(ImageContent image, CancellationToken cancellationToken)
    {
        var descriptor = image.Descriptor;
        if (!QemuImg.IsThere) return descriptor.Format == DiskFormat.Raw ? null : throw QemuImg.Missing(cause: null);
        var copy = await ScratchAsync("disk").ConfigureAwait(false);
        var vmdk = await ScratchAsync("vmdk").ConfigureAwait(false);
        try
        {
            var source = await image.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                await VerifiedCopy.WriteAsync(source, descriptor, copy, null, cancellationToken).ConfigureAwait(false);
            }

            await QemuImg.ConvertAsync(QemuImg.Source(copy, descriptor.Format == DiskFormat.Raw ? "raw" : "qcow2"), vmdk, "vmdk", "subformat=streamOptimized", cancellationToken).ConfigureAwait(false);
            return await VmdkFile.FinishAsync(vmdk, descriptor.DiskDigest, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            File.Delete(vmdk);
            throw;
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private async Task<string> ScratchAsync(string extension)
    {
        var file = scratch.Create(extension);
        await file.DisposeAsync().ConfigureAwait(false);
        return file.Name;
    }

    private static async Task<string?> TrySourceAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            // Asked before opening, because opening a pipe would wait for its writer.
            return new FileInfo(path) is { Exists: true, Length: > 0 } ? await SourceAsync(Path.GetFullPath(path), cancellationToken).ConfigureAwait(false) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever takes the file as it is says what is wrong with it.
            return null;
        }
    }

    private static async Task<string?> SourceAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            var head = await HeadAsync(file, 0, cancellationToken).ConfigureAwait(false);
            if (head.Length >= OvaFile.MagicEnd && OvaFile.IsTar(head))
            {
                var disk = await OvaFile.FindDiskAsync(file, cancellationToken).ConfigureAwait(false);
                CheckVmdk(await HeadAsync(file, disk.Offset, cancellationToken).ConfigureAwait(false));
                return QemuImg.Source(path, "vmdk", disk);
            }

            if (Array.Find(Known, known => head.AsSpan().StartsWith(known.Magic)).Format is not { } format) return null;
            if (format == "vmdk") CheckVmdk(head);
            return QemuImg.Source(path, format);
        }
    }

    // One whose header gives no capacity (VMware, "Virtual Disk Format 5.0") is described by a text within, which may name any file of this machine.
    private static void CheckVmdk(byte[] head)
    {
        if (head.Length < HeadLength || !head.AsSpan().StartsWith("KDMV"u8) || BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(12)) == 0)
            throw new InvalidInputException("InvalidImageFile", "The VMDK is not one whole sparse file: its data is elsewhere. Convert it where all its files are: qemu-img convert -O qcow2.", "Path");
    }

    private static async Task<byte[]> HeadAsync(FileStream file, long offset, CancellationToken cancellationToken)
    {
        var head = new byte[HeadLength];
        file.Position = offset;
        var count = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return head[..count];
    }
}

using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Writes the disks of the store's images to files, in the form that is asked for.</summary>
public sealed class ImageExporter
{
    private readonly ImageLibrary _images;
    private readonly ScratchFolder _scratch;

    internal ImageExporter(ImageLibrary images, ScratchFolder scratch)
    {
        _images = images;
        _scratch = scratch;
    }

    /// <summary>Writes an image's disk to a file. Other formats than the image's own need qemu-img on this machine.</summary>
    /// <param name="reference">The image, as in <see cref="ImageLibrary.GetAsync"/>.</param>
    /// <param name="path">The file. It is complete or not there.</param>
    /// <param name="format">Its format.</param>
    /// <param name="overwrite">Whether a file that is there is replaced; otherwise it is refused.</param>
    /// <param name="progress">Told the bytes read.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left.</param>
    /// <exception cref="StratusException"><c>ImageNotFound</c>, <c>FileExists</c>, <c>QemuImgNotFound</c>; <c>ImageCorrupt</c>: the store's disk is not what was published.</exception>
    public async Task ExportAsync(
        string reference, string path, DiskFileFormat format, bool overwrite = false, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var image = await _images.GetAsync(reference, cancellationToken).ConfigureAwait(false);
        var target = Path.GetFullPath(path);
        if (Directory.Exists(target)) throw new InvalidInputException("InvalidPath", $"'{target}' is a folder; a file's path is needed.", "Path") { Resource = target };
        if (!overwrite && File.Exists(target)) throw new StratusException("FileExists", StratusErrorKind.AlreadyExists, $"'{target}' is there already. Use another path, or replace it.") { Resource = target };
        var isOwn = format == (image.Format == DiskFormat.Raw ? DiskFileFormat.Raw : DiskFileFormat.Qcow2);
        if (!isOwn && !QemuImg.IsThere) throw QemuImg.Missing(cause: null);
        var part = $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            if (isOwn) await CopyAsync(image, part, progress, cancellationToken).ConfigureAwait(false);
            else await ConvertAsync(image, part, format, Path.GetFileNameWithoutExtension(target), progress, cancellationToken).ConfigureAwait(false);
            File.Move(part, target, overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OciException)
        {
            throw ImageErrors.Translate(e, target, Path.GetDirectoryName(target)!);
        }
        finally
        {
            File.Delete(part);
        }
    }

    // Through a copy of its own: what is converted is what was verified, whatever happens to the store meanwhile.
    private async Task ConvertAsync(StratusImage image, string target, DiskFileFormat format, string name, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var copy = await ScratchAsync("disk").ConfigureAwait(false);
        var disk = await ScratchAsync("vmdk").ConfigureAwait(false);
        try
        {
            await CopyAsync(image, copy, progress, cancellationToken).ConfigureAwait(false);
            var source = QemuImg.Source(copy, image.Format == DiskFormat.Raw ? "raw" : "qcow2");
            if (format != DiskFileFormat.Ova)
            {
                await QemuImg.ConvertAsync(source, target, format.ToString().ToLowerInvariant(), null, cancellationToken).ConfigureAwait(false);
                return;
            }

            await QemuImg.ConvertAsync(source, disk, "vmdk", "subformat=streamOptimized", cancellationToken).ConfigureAwait(false);
            await PackAsync(image, disk, target, name, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(copy);
            File.Delete(disk);
        }
    }

    private async Task<string> ScratchAsync(string extension)
    {
        var file = _scratch.Create(extension);
        await file.DisposeAsync().ConfigureAwait(false);
        return file.Name;
    }

    private async Task CopyAsync(StratusImage image, string target, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var source = await _images.Open(image).OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var lease = source.ConfigureAwait(false);
        var relay = progress is null ? null : new TransferRelay(progress, image.Reference, image.DiskSize);
        await VerifiedCopy.WriteAsync(source, image.ToDescriptor(), target, relay, cancellationToken).ConfigureAwait(false);
    }

    private static async Task PackAsync(StratusImage image, string disk, string target, string name, CancellationToken cancellationToken)
    {
        var file = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        await using var hold = file.ConfigureAwait(false);
        var content = new FileStream(disk, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
        await using var lease = content.ConfigureAwait(false);
        var tar = new TarWriter(file, TarEntryFormat.Ustar, leaveOpen: true);
        await using var end = tar.ConfigureAwait(false);

        // The descriptor comes first, as the specification wants it.
        var diskName = $"{name}-disk1.vmdk";
        var descriptor = OvfDescriptor.Write(image, diskName, content.Length);
        await AddAsync(tar, $"{name}.ovf", new MemoryStream(descriptor, writable: false), cancellationToken).ConfigureAwait(false);
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
        var manifest = $"SHA256({name}.ovf)= {Convert.ToHexStringLower(SHA256.HashData(descriptor))}\nSHA256({diskName})= {digest}\n";
        await AddAsync(tar, $"{name}.mf", new MemoryStream(Encoding.UTF8.GetBytes(manifest), writable: false), cancellationToken).ConfigureAwait(false);
        content.Position = 0;
        await AddAsync(tar, diskName, content, cancellationToken).ConfigureAwait(false);
    }

    private static Task AddAsync(TarWriter tar, string name, Stream content, CancellationToken cancellationToken) => tar.WriteEntryAsync(
        new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead },
        cancellationToken);
}

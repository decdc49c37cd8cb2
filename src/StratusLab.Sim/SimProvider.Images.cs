using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using StratusLab.Core;

namespace StratusLab.Sim;

internal sealed partial class SimProvider
{
    private const int ChunkSize = 1 << 20;
    private const int LargestKept = 16 << 20;

    public async Task<HostImage> EnsureImageAsync(ImageContent image, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        RequireImages();
        var length = new ByteSize(image.Descriptor.DiskLength);
        var digest = image.Descriptor.DiskDigest;
        await host.Uploads.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await CallAsync(() => HasImage(image.Descriptor), cancellationToken).ConfigureAwait(false)) return new HostImage(Name, digest, length, WasSent: false);
            MakeRoom(image.Descriptor);
            var disk = await ReceiveAsync(image, progress, cancellationToken).ConfigureAwait(false);
            lock (host.Gate) host.Images.Add(image.Descriptor, disk);
            return new HostImage(Name, digest, length, WasSent: true);
        }
        finally
        {
            host.Uploads.Release();
        }
    }

    public async IAsyncEnumerable<HostImage> ListImagesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        RequireImages();
        foreach (var image in await CallAsync(() => Locked(images => images.List(Name)), cancellationToken).ConfigureAwait(false)) yield return image;
    }

    public async Task<HostImageCheck> VerifyImageAsync(string diskDigest, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RequireReadback();
        var (image, isDamaged) = await CallAsync(() => Locked(images => (Placed(images, diskDigest), images.IsDamaged(diskDigest))), cancellationToken).ConfigureAwait(false);
        progress?.Report(new TransferProgress(Name, image.Descriptor.ToString(), image.Length, image.Length));
        return new HostImageCheck(Name, diskDigest, isDamaged ? $"sha256:{Convert.ToHexStringLower(SHA256.HashData("damaged"u8))}" : diskDigest, image.Length);
    }

    public async Task<Stream> OpenImageAsync(string diskDigest, CancellationToken cancellationToken = default)
    {
        RequireReadback();
        var image = await CallAsync(() => Locked(images => Placed(images, diskDigest)), cancellationToken).ConfigureAwait(false);
        return image.Disk is { } disk ? new MemoryStream(disk, writable: false) : throw SimErrors.ImageNotKept(Name, image.Descriptor);
    }

    public Task RemoveImageAsync(string diskDigest, CancellationToken cancellationToken = default)
    {
        RequireImages();
        return CallAsync(
            () => Locked(images =>
            {
                images.Remove(diskDigest, Name);
                return true;
            }),
            cancellationToken);
    }

    private SimImage Placed(SimImageStore images, string diskDigest) =>
        images.Find(diskDigest) is { IsUsable: true } image ? image : throw SimErrors.ImageNotOnHost(Name, diskDigest);

    private T Locked<T>(Func<SimImageStore, T> use)
    {
        lock (host.Gate) return use(host.Images);
    }

    private bool HasImage(ImageDescriptor image) => Locked(images =>
        images.IsUsable(image.DiskDigest) && (images.IsDamaged(image.DiskDigest) ? throw SimErrors.ImageDamaged(Name, image.ToString()) : true));

    private void MakeRoom(ImageDescriptor image)
    {
        lock (host.Gate)
        {
            if (definition.ImageCacheLimit is { } limit) host.Images.MakeRoom(image, limit, Name);
            var length = new ByteSize(image.DiskLength);
            if (length > host.StorageFree) throw SimErrors.NoCapacity(Name, $"{host.StorageFree} of storage left, the image {image} needs {length}");
        }
    }

    private void RequireReadback() => Require(ProviderCapabilities.ImageReadback, "it does not hand out images");

    private void RequireImages() => Require(ProviderCapabilities.Images, "it keeps no images");

    /// <summary>Reads and verifies the disk.</summary>
    /// <returns>The disk, unless it is too large to be kept.</returns>
    private async Task<byte[]?> ReceiveAsync(ImageContent image, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var descriptor = image.Descriptor;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var kept = descriptor.DiskLength <= LargestKept ? new MemoryStream() : null;
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            var stream = await image.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var lease = stream.ConfigureAwait(false);
            var done = 0L;
            while (await stream.ReadAsync(buffer.AsMemory(0, ChunkSize), cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                hash.AppendData(buffer, 0, read);
                kept?.Write(buffer, 0, read);
                done += read;
                if (done > descriptor.DiskLength) throw WrongContent(descriptor, $"is longer than {descriptor.DiskLength} bytes");
                progress?.Report(new TransferProgress(Name, descriptor.ToString(), new ByteSize(done), new ByteSize(descriptor.DiskLength)));
            }

            if (done < descriptor.DiskLength) throw WrongContent(descriptor, $"ends after {done} of {descriptor.DiskLength} bytes");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var digest = $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        if (digest != descriptor.DiskDigest) throw WrongContent(descriptor, $"has the digest {digest}, not {descriptor.DiskDigest}");
        return kept?.ToArray();
    }

    private static StratusException WrongContent(ImageDescriptor image, string what) =>
        new("ImageCorrupt", StratusErrorKind.InvalidInput, $"The disk of the image {image} {what}: publish the image again.") { Resource = image.DiskDigest };
}

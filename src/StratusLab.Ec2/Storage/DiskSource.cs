using StratusLab.Core;

namespace StratusLab.Ec2.Storage;

/// <summary>The bytes of a disk on their way to the bucket.</summary>
internal sealed class DiskSource : IAsyncDisposable
{
    private readonly ImageContent? _plain;
    private readonly ConvertedDisk? _converted;
    private Stream? _open;

    /// <summary>The disk as it is, to be verified as it is read.</summary>
    public DiskSource(ImageContent image)
    {
        _plain = image;
        (Key, Format, Length, Digest) = (UploadNames.Plain(image.Descriptor), "RAW", image.Descriptor.DiskLength, image.Descriptor.DiskDigest);
    }

    /// <summary>The disk converted, which was verified then.</summary>
    public DiskSource(ImageDescriptor image, ConvertedDisk disk)
    {
        _converted = disk;
        (Key, Format, Length) = (UploadNames.Converted(image, disk), "VMDK", disk.Length);
    }

    /// <summary>Where the bytes go.</summary>
    public string Key { get; }

    /// <summary>What they are, in the words of VM Import.</summary>
    public string Format { get; }

    /// <summary>How many they must be.</summary>
    public long Length { get; }

    /// <summary>The SHA-256 that they must have; null where they were verified before.</summary>
    public string? Digest { get; }

    /// <summary>The bytes from their beginning. What was given before is not to be read any more.</summary>
    public async Task<Stream> BeginAsync(CancellationToken cancellationToken)
    {
        if (_converted is not null)
        {
            _converted.Content.Position = 0;
            return _converted.Content;
        }

        if (_open is not null) await _open.DisposeAsync().ConfigureAwait(false);
        return _open = await _plain!.OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_open is not null) await _open.DisposeAsync().ConfigureAwait(false);
        if (_converted is not null) await _converted.DisposeAsync().ConfigureAwait(false);
    }
}

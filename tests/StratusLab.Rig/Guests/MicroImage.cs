using System.Security.Cryptography;
using StratusLab.Core;

namespace StratusLab.Rig.Guests;

/// <summary>The micro guest as an image to place on a host and to launch from.</summary>
public sealed class MicroImage : ImageContent
{
    private MicroImage(string path, ImageDescriptor descriptor)
    {
        Path = path;
        Descriptor = descriptor;
    }

    /// <summary>The qcow2 file, which nobody may change.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override ImageDescriptor Descriptor { get; }

    /// <summary>Builds the guest if it is not there, and describes it.</summary>
    public static async Task<MicroImage> LoadAsync(CancellationToken cancellationToken = default)
    {
        var path = await GuestImages.MicroAsync(cancellationToken);
        await using var file = File.OpenRead(path);
        var digest = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken))}";
        return new MicroImage(path, new ImageDescriptor
        {
            Name = "micro",
            Version = "1",
            Digest = digest,
            DiskDigest = digest,
            DiskLength = file.Length,
            Format = DiskFormat.Qcow2,
            VirtualSize = ByteSize.FromMiB(128),
        });
    }

    /// <inheritdoc/>
    public override Task<Stream> OpenAsync(CancellationToken cancellationToken = default) => Task.FromResult<Stream>(File.OpenRead(Path));
}

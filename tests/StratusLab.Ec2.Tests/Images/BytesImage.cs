using System.Security.Cryptography;
using StratusLab.Core;

namespace StratusLab.Ec2.Tests.Images;

/// <summary>A raw disk in memory, which says what a test has it say.</summary>
internal sealed class BytesImage(byte[] disk, ImageDescriptor descriptor) : ImageContent
{
    public override ImageDescriptor Descriptor { get; } = descriptor;

    public static BytesImage Random(int length) => Of(RandomNumberGenerator.GetBytes(length));

    public static BytesImage Of(byte[] disk, byte[]? promised = null)
    {
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(promised ?? disk))}";
        return new BytesImage(disk, new ImageDescriptor
        {
            Name = "bytes", Version = "1", Digest = digest, DiskDigest = digest, DiskLength = promised?.Length ?? disk.Length, Format = DiskFormat.Raw, VirtualSize = new ByteSize(disk.Length),
        });
    }

    public BytesImage With(Func<ImageDescriptor, ImageDescriptor> change) => new(disk, change(Descriptor));

    public override Task<Stream> OpenAsync(CancellationToken cancellationToken = default) => Task.FromResult<Stream>(new MemoryStream(disk, writable: false));
}

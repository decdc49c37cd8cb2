using System.Security.Cryptography;
using StratusLab.Core;

namespace StratusLab.Conformance.Tests;

/// <summary>An image that is nothing but bytes; it need not boot.</summary>
public sealed class MemoryImage(byte[] disk, ImageDescriptor descriptor) : ImageContent
{
    private int _opened;

    public override ImageDescriptor Descriptor { get; } = descriptor;

    /// <summary>How often somebody began to read it.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>A raw disk of random bytes.</summary>
    public static MemoryImage Random(int length)
    {
        var disk = RandomNumberGenerator.GetBytes(length);
        return new MemoryImage(disk, Describe(disk, DigestOf(disk)));
    }

    /// <summary>A raw disk whose bytes are not those that its digest promises.</summary>
    public static MemoryImage Corrupt(int length)
    {
        var disk = RandomNumberGenerator.GetBytes(length);
        return new MemoryImage(disk, Describe(disk, DigestOf(RandomNumberGenerator.GetBytes(16))));
    }

    /// <summary>A raw disk that ends before the length that it promises.</summary>
    public static MemoryImage Short(int length)
    {
        var whole = RandomNumberGenerator.GetBytes(length);
        return new MemoryImage(whole[..(length / 2)], Describe(whole, DigestOf(whole)));
    }

    public override Task<Stream> OpenAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _opened);
        return Task.FromResult<Stream>(new MemoryStream(disk, writable: false));
    }

    private static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    private static ImageDescriptor Describe(byte[] disk, string digest) => new()
    {
        Name = "bytes",
        Version = "1",
        Digest = digest,
        DiskDigest = digest,
        DiskLength = disk.Length,
        Format = DiskFormat.Raw,
        VirtualSize = new ByteSize(disk.Length),
    };
}

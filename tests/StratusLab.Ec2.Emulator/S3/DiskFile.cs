using System.Buffers.Binary;

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>What an import finds when it reads a disk file.</summary>
/// <param name="Length">Length of the file.</param>
/// <param name="SizeGiB">Size of the disk in it.</param>
/// <param name="Error">Why it cannot be imported, as EC2 says it.</param>
internal sealed record DiskFile(long Length, int SizeGiB, string? Error)
{
    private const int Sector = 512;

    public static DiskFile Read(ObjectStore store, string bucketName, string key, string format)
    {
        var bucket = store.Buckets.Find(b => b.Name == bucketName);
        if (bucket is null || !bucket.Objects.TryGetValue(key, out var found)) return new DiskFile(0, 0, $"ClientError: Failed to read the disk: the object s3://{bucketName}/{key} does not exist");
        using var file = File.OpenRead(found.Path);
        return Size(file, format) is { } bytes and > 0
            ? new DiskFile(file.Length, (int)((bytes + (1L << 30) - 1) >> 30), null)
            : new DiskFile(file.Length, 0, "ClientError: Unsupported file format");
    }

    // VMware, "Virtual Disk Format 5.0"; Microsoft, "Virtual Hard Disk Image Format Specification"; of VHDX only the signature is looked at.
    private static long? Size(FileStream file, string format)
    {
        var head = new byte[Math.Min(file.Length, Sector)];
        file.ReadExactly(head);
        var isKnown = head.AsSpan().StartsWith("KDMV"u8) || head.AsSpan().StartsWith("vhdxfile"u8) || head.AsSpan().StartsWith((ReadOnlySpan<byte>)[(byte)'Q', (byte)'F', (byte)'I', 0xfb]);
        switch (format)
        {
            case "VMDK":
                return head.AsSpan().StartsWith("KDMV"u8) ? BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(12)) * Sector : null;
            case "VHDX":
                return head.AsSpan().StartsWith("vhdxfile"u8) ? file.Length : null;
            case "VHD":
                var foot = new byte[Sector];
                if (file.Length < Sector) return null;
                file.Position = file.Length - Sector;
                file.ReadExactly(foot);
                return foot.AsSpan().StartsWith("conectix"u8) ? BinaryPrimitives.ReadInt64BigEndian(foot.AsSpan(48)) : null;
            default:
                return isKnown ? null : file.Length;
        }
    }
}

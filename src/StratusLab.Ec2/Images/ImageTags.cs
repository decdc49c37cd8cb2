using System.Globalization;
using StratusLab.Core;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Images;

/// <summary>What StratusLab keeps in the tags of machine images, snapshots and import tasks.</summary>
internal static class ImageTags
{
    /// <summary>SHA-256 of the disk file.</summary>
    public const string DiskDigest = "stratuslab:disk-digest";

    /// <summary>Length of the disk file in bytes.</summary>
    public const string DiskLength = "stratuslab:disk-length";

    /// <summary>On a machine image whose upload may still lie in the bucket: the bucket.</summary>
    public const string Upload = "stratuslab:upload";

    private const string ImageName = "stratuslab:image";

    /// <summary>The tags of the machine image that is made from an image.</summary>
    public static Dictionary<string, string> Of(ImageDescriptor image, string? bucket)
    {
        var tags = OfDisk(image);
        tags[VmTags.ImageDigest] = image.Digest;
        tags[DiskLength] = image.DiskLength.ToString(CultureInfo.InvariantCulture);
        if (bucket is not null) tags[Upload] = bucket;
        return tags;
    }

    /// <summary>The tags of its disk: of the import and of the snapshot that comes of it.</summary>
    public static Dictionary<string, string> OfDisk(ImageDescriptor image) => new(StringComparer.Ordinal)
    {
        [VmTags.Name] = Cut(image.ToString()),
        [ImageName] = Cut(image.ToString()),
        [DiskDigest] = image.DiskDigest,
    };

    /// <summary>What the disk of a machine image takes, as far as that is known.</summary>
    public static ByteSize Length(Image image) =>
        long.TryParse(image.Tags.GetValueOrDefault(DiskLength), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            ? new ByteSize(bytes)
            : ByteSize.FromGiB(image.BlockDevices.Sum(d => d.Ebs?.SizeGiB ?? 0));

    private static string Cut(string text) => text.Length <= 256 ? text : text[..256];
}

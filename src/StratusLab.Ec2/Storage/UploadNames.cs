using StratusLab.Core;

namespace StratusLab.Ec2.Storage;

/// <summary>The keys of disks in the bucket. They follow from the disk alone, so that what one process left is found by the next.</summary>
internal static class UploadNames
{
    /// <summary>What all keys begin with.</summary>
    public const string Root = "stratuslab/";

    /// <summary>What the keys of one disk begin with.</summary>
    public static string Prefix(ImageDescriptor image) => $"{Root}{image.DiskDigest["sha256:".Length..]}/";

    /// <summary>The key of a disk as it is.</summary>
    public static string Plain(ImageDescriptor image) => Prefix(image) + "disk.raw";

    /// <summary>The key of a converted disk, which two machines may convert to different bytes.</summary>
    public static string Converted(ImageDescriptor image, ConvertedDisk disk) => $"{Prefix(image)}{disk.Digest["sha256:".Length..][..16]}.vmdk";
}

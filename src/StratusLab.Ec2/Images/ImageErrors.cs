using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Ec2.Images;

/// <summary>What can go wrong with images on EC2.</summary>
internal static class ImageErrors
{
    public const string CorruptId = "ImageCorrupt";
    public const string ImportRoleId = "Ec2ImportRoleMissing";

    public static StratusException Corrupt(ImageDescriptor image, string what) =>
        new(CorruptId, StratusErrorKind.InvalidInput, $"The disk of image {image} {what}: publish the image again.") { Resource = image.ToString() };

    public static StratusException FormatNotTaken(HostDefinition host, ImageDescriptor image) => new(
        "ImageFormatNotTaken",
        StratusErrorKind.NotSupported,
        $"Host '{host.Name}' is EC2, which does not take the disk of image {image} as {image.Format}, and nothing here converts it. Publish it as a raw disk.") { Resource = image.ToString() };

    public static StratusException Architecture(HostDefinition host, ImageDescriptor image) => new(
        "ImageArchitectureNotTaken",
        StratusErrorKind.NotSupported,
        $"Host '{host.Name}' is EC2, which has machines for x86_64 and aarch64; image {image} is for {image.Architecture}.") { Resource = image.ToString() };

    public static StratusException InUse(HostDefinition host, string diskDigest, int count) => new(
        "ImageInUse",
        StratusErrorKind.InvalidState,
        string.Create(CultureInfo.InvariantCulture, $"The image with disk {diskDigest} stays on host '{host.Name}': {count} VMs use it. Remove them first.")) { Resource = diskDigest };

    public static StratusException CacheFull(HostDefinition host, ImageDescriptor image, ByteSize limit, int used) => new(
        "ImageCacheFull",
        StratusErrorKind.NoCapacity,
        string.Create(CultureInfo.InvariantCulture, $"Image {image} does not fit on host '{host.Name}': images may take {limit} at most, and {used} that are there are used by VMs. Remove VMs, or raise the limit.")) { Resource = host.Name };

    public static StratusException ImportRole(HostDefinition host, StratusException cause) => new(
        ImportRoleId,
        StratusErrorKind.PermissionDenied,
        $"Host '{host.Name}': VM Import may not read the bucket, because the account has no role 'vmimport' that lets it. Make one: a role that vmie.amazonaws.com may assume "
        + "with external id 'vmimport', and that has s3:GetBucketLocation, s3:GetObject, s3:ListBucket on the bucket and ec2:ModifySnapshotAttribute, ec2:CopySnapshot, ec2:RegisterImage, ec2:Describe* "
        + $"(aws iam create-role --role-name vmimport …; the guide 'Images on EC2' has both documents). What was sent is kept for a week and gone on with when the same is asked for again. EC2 said: {cause.Message}",
        cause) { Resource = host.Name };

    public static StratusException ImportFailed(HostDefinition host, ImageDescriptor image, string task, string? reason) => new(
        "Ec2ImportFailed",
        reason?.StartsWith("ClientError", StringComparison.OrdinalIgnoreCase) == true ? StratusErrorKind.InvalidInput : StratusErrorKind.Failed,
        $"Host '{host.Name}' could not import the disk of image {image} (task {task}): {reason?.TrimEnd('.') ?? "no reason was given"}. "
        + "Nothing was kept. If the bucket could not be read, see the role 'vmimport'; else the disk is not one that EC2 takes.") { Resource = image.ToString(), IsTransient = reason?.StartsWith("ServerError", StringComparison.OrdinalIgnoreCase) == true };

    public static StratusException NotRegistered(HostDefinition host, ImageDescriptor image, string id, string state, string? reason) => new(
        "Ec2ImageFailed", StratusErrorKind.Failed, $"Machine image {id} made from {image} on host '{host.Name}' is {state}{(reason is null ? "" : $": {reason}")}. Deregister it and try again.") { Resource = id };

    public static StratusException Unsettled(HostDefinition host, ImageDescriptor image) => new(
        "ImageContended", StratusErrorKind.InvalidState, $"Other processes make and remove image {image} on host '{host.Name}' at the same time. Try again when they are done.") { Resource = image.ToString(), IsTransient = true };

    public static StratusException NotForHost(HostDefinition host, ImageDescriptor image, string place) => new(
        "ImageNotForHost",
        StratusErrorKind.NotSupported,
        $"Image {image} only refers to images that hosts have themselves, and names none for '{place}', where host '{host.Name}' is; it names {string.Join(", ", image.HostImages!.Keys.Order(StringComparer.Ordinal))}. "
        + "Use a host there, or publish it again with an image of that place added.") { Resource = image.ToString() };

    public static StratusException Native(HostDefinition host, ImageDescriptor image, string id, string problem) => new(
        "NativeImageUnusable", StratusErrorKind.NotFound, $"Image {image} refers to {id} on host '{host.Name}', {problem}. Publish a version that refers to another one.") { Resource = id };
}

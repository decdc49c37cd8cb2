using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>What an image is called among OCI artifacts.</summary>
public static class ImageMediaTypes
{
    /// <summary>The artifact type of an image's manifest.</summary>
    public const string Artifact = "application/vnd.stratuslab.image.v1";

    /// <summary>
    /// The config: the OCI image configuration, in which our own fields stand beside those that other tools read, so that they can inspect and copy
    /// the image. They leave the disk alone, because its media type is none that they would compress.
    /// </summary>
    public const string Metadata = "application/vnd.oci.image.config.v1+json";

    /// <summary>The one layer where the disk is qcow2.</summary>
    public const string Qcow2Disk = "application/vnd.stratuslab.image.disk.v1.qcow2";

    /// <summary>The one layer where the disk is raw.</summary>
    public const string RawDisk = "application/vnd.stratuslab.image.disk.v1.raw";

    /// <summary>The one layer, without content, of an image that only refers to images that hosts have themselves; the config names them.</summary>
    public const string Reference = OciMediaTypes.Empty;

    /// <summary>The artifact type of an endorsement: a signed statement whose subject is the image's manifest.</summary>
    public const string Endorsement = "application/vnd.stratuslab.image.endorsement.v1";

    /// <summary>The artifact type of a deprecation: a signed statement whose subject is the image's manifest.</summary>
    public const string Deprecation = "application/vnd.stratuslab.image.deprecation.v1";

    /// <summary>The one layer of an endorsement or deprecation: CMS signed data around the statement (RFC 5652, RFC 7193).</summary>
    public const string SignedStatement = "application/cms";

    /// <summary>What follows the media type of a disk that is compressed with gzip (RFC 1952, RFC 6839).</summary>
    private const string Gzip = "+gzip";

    internal static string Of(DiskFormat format) => format == DiskFormat.Raw ? RawDisk : Qcow2Disk;

    internal static string Compressed(string disk) => disk + Gzip;

    internal static bool IsCompressed(string disk) => disk.EndsWith(Gzip, StringComparison.Ordinal);

    /// <summary>The format of a layer's disk; null if it is none.</summary>
    internal static DiskFormat? FormatOf(string mediaType) => mediaType switch
    {
        Qcow2Disk or Qcow2Disk + Gzip => DiskFormat.Qcow2,
        RawDisk or RawDisk + Gzip => DiskFormat.Raw,
        _ => null,
    };
}

namespace StratusLab.Oci;

/// <summary>Media types of the OCI image specification.</summary>
public static class OciMediaTypes
{
    /// <summary>A manifest.</summary>
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>An index.</summary>
    public const string Index = "application/vnd.oci.image.index.v1+json";

    /// <summary>An empty JSON object.</summary>
    public const string Empty = "application/vnd.oci.empty.v1+json";

    /// <summary>The config of an image.</summary>
    public const string ImageConfig = "application/vnd.oci.image.config.v1+json";
}

namespace StratusLab.Oci;

/// <summary>Annotation keys of the OCI image specification ("Pre-Defined Annotation Keys"), and one of our own.</summary>
public static class OciAnnotations
{
    /// <summary>The tag, on a manifest's descriptor in an index.</summary>
    public const string RefName = "org.opencontainers.image.ref.name";

    /// <summary>
    /// The digest of the manifest that an artifact says something about, on the artifact's descriptor in a layout's index. Not of the
    /// specification: it spares reading every artifact to find those of one manifest.
    /// </summary>
    public const string Subject = "vnd.stratuslab.oci.subject";

    /// <summary>When it was made, RFC 3339.</summary>
    public const string Created = "org.opencontainers.image.created";

    /// <summary>Who is responsible for it.</summary>
    public const string Authors = "org.opencontainers.image.authors";

    /// <summary>The version of what is packaged.</summary>
    public const string Version = "org.opencontainers.image.version";

    /// <summary>A title for people; on a layer, its file name.</summary>
    public const string Title = "org.opencontainers.image.title";

    /// <summary>A description for people.</summary>
    public const string Description = "org.opencontainers.image.description";
}

namespace StratusLab.Oci;

/// <summary>The content that stands where an artifact has nothing to say (OCI image specification 1.1, "Guidance for an Empty Descriptor").</summary>
public static class OciEmpty
{
    /// <summary>Its bytes: an empty JSON object.</summary>
    public static ReadOnlyMemory<byte> Content { get; } = "{}"u8.ToArray();

    /// <summary>Its descriptor.</summary>
    public static OciDescriptor Descriptor { get; } = new()
    {
        MediaType = OciMediaTypes.Empty,
        Digest = OciContent.DigestOf(Content.Span, "sha256"),
        Size = Content.Length,
    };
}

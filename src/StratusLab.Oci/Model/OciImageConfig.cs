using System.Text.Json.Serialization;

namespace StratusLab.Oci;

/// <summary>What the layout reads of an image's config (OCI image specification, "OCI Image Configuration").</summary>
internal sealed record OciImageConfig
{
    [JsonPropertyName("rootfs")]
    public RootFileSystem? Rootfs { get; init; }

    /// <summary>The layers as they are unpacked.</summary>
    internal sealed record RootFileSystem
    {
        [JsonPropertyName("diff_ids")]
        public IReadOnlyList<OciDigest>? DiffIds { get; init; }
    }
}

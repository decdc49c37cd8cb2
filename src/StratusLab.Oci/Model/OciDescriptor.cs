using System.Text.Json;
using System.Text.Json.Serialization;

namespace StratusLab.Oci;

/// <summary>Points to a content: what it is, its digest and its size (OCI image specification, "Content Descriptors").</summary>
public sealed record OciDescriptor
{
    /// <summary>Media type of the content.</summary>
    [JsonPropertyOrder(0)]
    public required string MediaType { get; init; }

    /// <summary>Digest of the content.</summary>
    [JsonPropertyOrder(1)]
    public required OciDigest Digest { get; init; }

    /// <summary>Length of the content in bytes.</summary>
    [JsonPropertyOrder(2)]
    public required long Size { get; init; }

    /// <summary>What kind of artifact a manifest is.</summary>
    [JsonPropertyOrder(3)]
    public string? ArtifactType { get; init; }

    /// <summary>What is said about the content here.</summary>
    [JsonPropertyOrder(4)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Fields that this version does not know, kept when a file is written again.</summary>
    [JsonExtensionData]
    [JsonPropertyOrder(5)]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

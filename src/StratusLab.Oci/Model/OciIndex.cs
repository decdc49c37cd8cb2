using System.Text.Json;
using System.Text.Json.Serialization;

namespace StratusLab.Oci;

/// <summary>A list of manifests (OCI image specification 1.1, "Image Index").</summary>
public sealed record OciIndex
{
    /// <summary>Always 2.</summary>
    [JsonPropertyOrder(0)]
    public int SchemaVersion { get; init; } = 2;

    /// <summary>Media type of the index itself.</summary>
    [JsonPropertyOrder(1)]
    public string? MediaType { get; init; } = OciMediaTypes.Index;

    /// <summary>Points to the manifests.</summary>
    [JsonPropertyOrder(2)]
    public required IReadOnlyList<OciDescriptor> Manifests { get; init; }

    /// <summary>What is said about the index.</summary>
    [JsonPropertyOrder(3)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Fields that this version does not know, kept when the file is written again.</summary>
    [JsonExtensionData]
    [JsonPropertyOrder(4)]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace StratusLab.Oci;

/// <summary>An image or artifact: a config and layers (OCI image specification 1.1, "Image Manifest").</summary>
public sealed record OciManifest
{
    /// <summary>Always 2.</summary>
    [JsonPropertyOrder(0)]
    public int SchemaVersion { get; init; } = 2;

    /// <summary>Media type of the manifest itself.</summary>
    [JsonPropertyOrder(1)]
    public string? MediaType { get; init; } = OciMediaTypes.Manifest;

    /// <summary>What kind of artifact it is; null for a container image.</summary>
    [JsonPropertyOrder(2)]
    public string? ArtifactType { get; init; }

    /// <summary>Points to the metadata.</summary>
    [JsonPropertyOrder(3)]
    public required OciDescriptor Config { get; init; }

    /// <summary>Points to the contents.</summary>
    [JsonPropertyOrder(4)]
    public required IReadOnlyList<OciDescriptor> Layers { get; init; }

    /// <summary>The manifest that this one says something about.</summary>
    [JsonPropertyOrder(5)]
    public OciDescriptor? Subject { get; init; }

    /// <summary>What is said about the artifact.</summary>
    [JsonPropertyOrder(6)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData]
    [JsonPropertyOrder(7)]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

using System.Text.Json.Serialization;

namespace StratusLab.Sdk;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImageMetadata))]
internal sealed partial class ImageMetadataJson : JsonSerializerContext;

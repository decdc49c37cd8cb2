using System.Text.Json;
using System.Text.Json.Serialization;

namespace StratusLab.Sdk;

/// <summary>Statements as they are signed. A field that this version does not know might narrow what is said, so it is refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImageStatement))]
internal sealed partial class ImageStatementJson : JsonSerializerContext
{
    public static byte[] Write(ImageStatement statement) => JsonSerializer.SerializeToUtf8Bytes(statement, Default.ImageStatement);

    /// <summary>Reads a statement.</summary>
    /// <exception cref="JsonException">It is no statement of a known type.</exception>
    public static ImageStatement Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Default.ImageStatement) ?? throw new JsonException("The statement is null.");
}

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace StratusLab.Oci;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OciManifest))]
[JsonSerializable(typeof(OciIndex))]
[JsonSerializable(typeof(OciLayoutMarker))]
[JsonSerializable(typeof(OciImageConfig))]
internal sealed partial class OciJson : JsonSerializerContext
{
    /// <summary>Reads one document; what does not fit is an <see cref="OciException"/> that names where it came from.</summary>
    public static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string source)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new OciException($"{source} holds no object.");
        }
        catch (JsonException e)
        {
            throw new OciException($"{source} is not what the OCI image specification asks for: {e.Message}", e);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The policy as the catalogue keeps it. A rule that this version does not know must not be passed over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ImagePolicy))]
internal sealed partial class ImagePolicyJson : JsonSerializerContext
{
    public static string Write(ImagePolicy policy) => JsonSerializer.Serialize(policy with { SetAt = null }, Default.ImagePolicy);

    public static ImagePolicy Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.ImagePolicy) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new StratusException(
                "ImagePolicyCorrupt",
                StratusErrorKind.InvalidState,
                $"The image policy in the catalogue is damaged, or was written by a newer version: {e.Message} No image is launched until it is set again.",
                e);
        }
    }
}

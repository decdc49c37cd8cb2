using System.Text.Json;
using System.Text.Json.Serialization;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Requests as the journal keeps them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(VmRequest))]
[JsonSerializable(typeof(DeleteRequest))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    public static string Write(VmRequest request) => JsonSerializer.Serialize(request with { Guest = Redaction.Of(request.Guest) }, Default.VmRequest);

    public static VmRequest ReadVmRequest(string json) => JsonSerializer.Deserialize(json, Default.VmRequest)!;
}

using System.Text.Json.Serialization;

namespace StratusLab.Sdk;

/// <summary>Records as the ledger keeps them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BurstNodeRecord))]
[JsonSerializable(typeof(GrantRecord))]
[JsonSerializable(typeof(CapacityBackoff))]
[JsonSerializable(typeof(BurstDefinitionDocument))]
[JsonSerializable(typeof(List<BurstPlanEntry>))]
internal sealed partial class BurstJson : JsonSerializerContext;

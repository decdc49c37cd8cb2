using System.Text.Json.Serialization;

namespace StratusLab.Kvm;

/// <summary>How much guest-file-write took.</summary>
internal sealed record AgentWrite([property: JsonPropertyName("count")] long Count);

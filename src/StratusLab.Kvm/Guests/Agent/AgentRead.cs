using System.Text.Json.Serialization;

namespace StratusLab.Kvm;

/// <summary>What guest-file-read gave.</summary>
internal sealed record AgentRead(
    [property: JsonPropertyName("count")] long Count, [property: JsonPropertyName("buf-b64")] string Buffer, [property: JsonPropertyName("eof")] bool IsEnd);

using System.Text.Json.Serialization;

namespace StratusLab.Kvm;

/// <summary>The arguments of all commands that are used; only those given are written.</summary>
internal sealed record AgentArguments
{
    [JsonPropertyName("path")]
    public string? Path { get; init; }

    [JsonPropertyName("arg")]
    public IReadOnlyList<string>? Arguments { get; init; }

    [JsonPropertyName("input-data")]
    public string? Input { get; init; }

    [JsonPropertyName("capture-output")]
    public bool? CaptureOutput { get; init; }

    [JsonPropertyName("pid")]
    public long? Pid { get; init; }

    [JsonPropertyName("mode")]
    public string? Mode { get; init; }

    [JsonPropertyName("handle")]
    public long? Handle { get; init; }

    [JsonPropertyName("buf-b64")]
    public string? Buffer { get; init; }

    [JsonPropertyName("count")]
    public long? Count { get; init; }
}

using System.Text.Json.Serialization;

namespace StratusLab.Kvm;

/// <summary>How a process of guest-exec stands.</summary>
internal sealed record AgentExecStatus
{
    [JsonPropertyName("exited")]
    public bool HasExited { get; init; }

    [JsonPropertyName("exitcode")]
    public int? ExitCode { get; init; }

    [JsonPropertyName("signal")]
    public int? Signal { get; init; }

    [JsonPropertyName("out-data")]
    public string? Output { get; init; }

    [JsonPropertyName("err-data")]
    public string? Error { get; init; }

    [JsonPropertyName("out-truncated")]
    public bool IsOutputTruncated { get; init; }

    [JsonPropertyName("err-truncated")]
    public bool IsErrorTruncated { get; init; }
}

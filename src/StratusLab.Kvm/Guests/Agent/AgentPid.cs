using System.Text.Json.Serialization;

namespace StratusLab.Kvm;

/// <summary>The process that guest-exec started.</summary>
internal sealed record AgentPid([property: JsonPropertyName("pid")] long Pid);

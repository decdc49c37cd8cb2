using System.Text.Json.Serialization;

namespace StratusLab.Kvm;

/// <summary>What the agent answers when it did as it was told.</summary>
internal sealed record AgentReply<T>([property: JsonPropertyName("return")] T Return);

using System.Text.Json.Serialization;

namespace StratusLab.Kvm;

/// <summary>A command to the guest agent (QEMU Guest Agent Protocol Reference, qemu.org/docs/master/interop/qemu-ga-ref.html).</summary>
internal sealed record AgentRequest([property: JsonPropertyName("execute")] string Execute, [property: JsonPropertyName("arguments")] AgentArguments? Arguments = null);

using System.Text.Json.Serialization;

namespace StratusLab.Kvm;

/// <summary>Reads and writes the agent's messages.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AgentRequest))]
[JsonSerializable(typeof(AgentReply<AgentPid>))]
[JsonSerializable(typeof(AgentReply<AgentExecStatus>))]
[JsonSerializable(typeof(AgentReply<long>))]
[JsonSerializable(typeof(AgentReply<AgentWrite>))]
[JsonSerializable(typeof(AgentReply<AgentRead>))]
internal sealed partial class AgentJson : JsonSerializerContext;

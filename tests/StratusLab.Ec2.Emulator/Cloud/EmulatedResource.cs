namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>A key pair, placement group or launch template: an identity, a name and what it holds.</summary>
public sealed class EmulatedResource
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string Content { get; init; } = "";
    public Protocol.QueryForm? Form { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public Dictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);
}

namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>A security group.</summary>
public sealed class EmulatedGroup
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Description { get; init; }
    public required string VpcId { get; init; }
    public List<EmulatedRule> Rules { get; } = [];
    public Dictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);
}

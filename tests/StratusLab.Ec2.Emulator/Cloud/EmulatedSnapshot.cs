namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>A snapshot.</summary>
public sealed class EmulatedSnapshot
{
    public required string Id { get; init; }
    public string VolumeId { get; init; } = "vol-ffffffff";
    public string? Description { get; init; }
    public int SizeGiB { get; init; }
    public bool Encrypted { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public Dictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);
}

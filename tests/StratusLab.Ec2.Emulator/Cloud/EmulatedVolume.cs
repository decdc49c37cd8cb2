namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>A volume.</summary>
public sealed class EmulatedVolume
{
    public required string Id { get; init; }
    public required int SizeGiB { get; init; }
    public required string Zone { get; init; }
    public string Type { get; init; } = "gp3";
    public bool Encrypted { get; init; }
    public string? SnapshotId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public Dictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);
    public string? InstanceId { get; set; }
    public string? Device { get; set; }
    public bool DeleteOnTermination { get; set; }
    public string State => InstanceId is null ? "available" : "in-use";
}

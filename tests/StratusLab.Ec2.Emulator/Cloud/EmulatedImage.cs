namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>A machine image.</summary>
public sealed class EmulatedImage
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string OwnerId { get; init; }
    public string? Description { get; set; }
    public string Architecture { get; init; } = "x86_64";
    public string? BootMode { get; init; }
    public string RootDevice { get; init; } = "/dev/xvda";
    public required string SnapshotId { get; init; }
    public int SizeGiB { get; init; } = 8;
    public bool IsPublic { get; init; }
    public string? ImdsSupport { get; init; }
    public bool EnaSupport { get; init; } = true;

    /// <summary>Such as <c>available</c>, <c>pending</c> or <c>failed</c>.</summary>
    public string State { get; set; } = "available";
    public DateTimeOffset CreatedAt { get; init; }
    public Dictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);
}

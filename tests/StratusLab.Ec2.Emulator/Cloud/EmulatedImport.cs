namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>A disk file on its way to be a snapshot.</summary>
public sealed class EmulatedImport
{
    public required string Id { get; init; }
    public required string Bucket { get; init; }
    public required string Key { get; init; }
    public required string Format { get; init; }
    public string? Description { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset DoneAt { get; init; }
    public string? SnapshotId { get; set; }
    public bool IsCancelled { get; set; }
    public string? Error { get; init; }

    /// <summary>The size of the disk in the file, once it was read.</summary>
    public int SizeGiB { get; init; }
    public double FileLength { get; init; }
    public Dictionary<string, string> Tags { get; init; } = new(StringComparer.Ordinal);
}

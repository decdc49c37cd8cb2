namespace StratusLab.Ec2.Emulator.S3;

/// <summary>A bucket and what was set for it.</summary>
public sealed class EmulatedBucket
{
    public required string Name { get; init; }
    public required string Region { get; init; }

    /// <summary>The account that has it.</summary>
    public required string OwnerId { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public SortedDictionary<string, EmulatedObject> Objects { get; } = new(StringComparer.Ordinal);
    public List<EmulatedUpload> Uploads { get; } = [];

    /// <summary>The documents of <c>publicAccessBlock</c>, <c>encryption</c>, <c>lifecycle</c>, <c>tagging</c> and <c>policy</c>, as they were put.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);
}

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>A multipart upload that is not complete.</summary>
public sealed class EmulatedUpload
{
    public required string Id { get; init; }
    public required string Key { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public string ContentType { get; init; } = "binary/octet-stream";
    public string? ChecksumAlgorithm { get; init; }
    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);
    public SortedDictionary<int, EmulatedObject> Parts { get; } = [];
}

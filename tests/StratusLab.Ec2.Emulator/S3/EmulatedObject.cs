namespace StratusLab.Ec2.Emulator.S3;

/// <summary>An object whose bytes lie in a file.</summary>
public sealed class EmulatedObject
{
    public required string Path { get; init; }
    public required long Length { get; init; }

    /// <summary>Without its quotation marks.</summary>
    public required string ETag { get; init; }
    public required DateTimeOffset ModifiedAt { get; init; }
    public string ContentType { get; init; } = "binary/octet-stream";

    /// <summary>Headers <c>x-amz-meta-…</c> and <c>x-amz-checksum-…</c> that come back.</summary>
    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);
    public string? Tagging { get; set; }
}

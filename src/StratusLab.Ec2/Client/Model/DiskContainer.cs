using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>The disk file that a snapshot is imported from.</summary>
internal sealed record DiskContainer : IQueryObject
{
    public string? Description { get; init; }

    public required string Format { get; init; }

    public required string Bucket { get; init; }

    public required string Key { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("Description", Description);
        query.Add("Format", Format);
        query.Add("UserBucket.S3Bucket", Bucket);
        query.Add("UserBucket.S3Key", Key);
    }
}

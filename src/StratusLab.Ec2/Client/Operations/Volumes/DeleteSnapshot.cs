using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Volumes;

/// <summary>Deletes a snapshot.</summary>
internal sealed record DeleteSnapshot : Ec2Command
{
    public required string SnapshotId { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("SnapshotId", SnapshotId);
    }
}

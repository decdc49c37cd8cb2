using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Volumes;

/// <summary>Lists snapshots.</summary>
internal sealed record DescribeSnapshots : Ec2PagedOperation<Snapshot>
{
    public IReadOnlyList<string> SnapshotIds { get; init; } = [];

    public IReadOnlyList<string> Owners { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "snapshotSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("SnapshotId", SnapshotIds);
        query.Add("Owner", Owners);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override Snapshot ReadItem(Ec2XmlReader xml) => new(xml);
}

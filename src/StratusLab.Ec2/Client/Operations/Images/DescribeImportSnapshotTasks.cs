using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Images;

/// <summary>Lists imports of disk files.</summary>
internal sealed record DescribeImportSnapshotTasks : Ec2PagedOperation<ImportSnapshotTask>
{
    public IReadOnlyList<string> ImportTaskIds { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "importSnapshotTaskSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("ImportTaskId", ImportTaskIds);
        query.Add("Filters", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override ImportSnapshotTask ReadItem(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Lists placement groups.</summary>
internal sealed record DescribePlacementGroups : Ec2List<PlacementGroup>
{
    public IReadOnlyList<string> GroupNames { get; init; } = [];

    public IReadOnlyList<string> GroupIds { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "placementGroupSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("GroupName", GroupNames);
        query.Add("GroupId", GroupIds);
        query.Add("Filter", Filters);
    }

    /// <inheritdoc/>
    protected override PlacementGroup ReadItem(Ec2XmlReader xml) => new(xml);
}

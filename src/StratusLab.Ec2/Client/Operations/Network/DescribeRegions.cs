using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Lists regions.</summary>
internal sealed record DescribeRegions : Ec2List<RegionInfo>
{
    public IReadOnlyList<string> RegionNames { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    public bool? AllRegions { get; init; }

    /// <inheritdoc/>
    protected override string Set => "regionInfo";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("RegionName", RegionNames);
        query.Add("Filter", Filters);
        query.Add("AllRegions", AllRegions);
    }

    /// <inheritdoc/>
    protected override RegionInfo ReadItem(Ec2XmlReader xml) => new(xml);
}

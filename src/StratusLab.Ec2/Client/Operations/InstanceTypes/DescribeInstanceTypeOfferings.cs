using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.InstanceTypes;

/// <summary>Lists which instance types a region or its zones have.</summary>
internal sealed record DescribeInstanceTypeOfferings : Ec2PagedOperation<InstanceTypeOffering>
{
    public LocationType? LocationType { get; init; }

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "instanceTypeOfferingSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("LocationType", LocationType?.Value);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override InstanceTypeOffering ReadItem(Ec2XmlReader xml) => new(xml);
}

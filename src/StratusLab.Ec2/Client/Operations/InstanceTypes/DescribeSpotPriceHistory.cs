using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.InstanceTypes;

/// <summary>Lists spot prices, newest first.</summary>
internal sealed record DescribeSpotPriceHistory : Ec2PagedOperation<SpotPrice>
{
    public IReadOnlyList<string> InstanceTypes { get; init; } = [];

    public IReadOnlyList<string> ProductDescriptions { get; init; } = [];

    public string? AvailabilityZone { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "spotPriceHistorySet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("InstanceType", InstanceTypes);
        query.Add("ProductDescription", ProductDescriptions);
        query.Add("AvailabilityZone", AvailabilityZone);
        query.Add("StartTime", StartTime);
        query.Add("EndTime", EndTime);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override SpotPrice ReadItem(Ec2XmlReader xml) => new(xml);
}

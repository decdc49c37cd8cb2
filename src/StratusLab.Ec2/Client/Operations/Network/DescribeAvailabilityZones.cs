using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Lists the zones of the region.</summary>
internal sealed record DescribeAvailabilityZones : Ec2List<AvailabilityZone>
{
    public IReadOnlyList<string> ZoneNames { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    public bool? AllAvailabilityZones { get; init; }

    /// <inheritdoc/>
    protected override string Set => "availabilityZoneInfo";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("ZoneName", ZoneNames);
        query.Add("Filter", Filters);
        query.Add("AllAvailabilityZones", AllAvailabilityZones);
    }

    /// <inheritdoc/>
    protected override AvailabilityZone ReadItem(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Instances;

/// <summary>Lists launches and their instances. A terminated instance is listed for about an hour, a new one perhaps not at once.</summary>
internal sealed record DescribeInstances : Ec2PagedOperation<Reservation>
{
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "reservationSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("InstanceId", InstanceIds);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override Reservation ReadItem(Ec2XmlReader xml) => new(xml);
}

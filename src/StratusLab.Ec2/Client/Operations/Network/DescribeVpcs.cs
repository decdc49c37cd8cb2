using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Lists virtual networks.</summary>
internal sealed record DescribeVpcs : Ec2PagedOperation<Vpc>
{
    public IReadOnlyList<string> VpcIds { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "vpcSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("VpcId", VpcIds);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override Vpc ReadItem(Ec2XmlReader xml) => new(xml);
}

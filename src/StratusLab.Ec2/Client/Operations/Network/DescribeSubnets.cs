using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Lists subnets.</summary>
internal sealed record DescribeSubnets : Ec2PagedOperation<Subnet>
{
    public IReadOnlyList<string> SubnetIds { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "subnetSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("SubnetId", SubnetIds);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override Subnet ReadItem(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Lists security groups.</summary>
internal sealed record DescribeSecurityGroups : Ec2PagedOperation<SecurityGroup>
{
    public IReadOnlyList<string> GroupIds { get; init; } = [];

    public IReadOnlyList<string> GroupNames { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "securityGroupInfo";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("GroupId", GroupIds);
        query.Add("GroupName", GroupNames);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override SecurityGroup ReadItem(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Lists rules of security groups.</summary>
internal sealed record DescribeSecurityGroupRules : Ec2PagedOperation<SecurityGroupRule>
{
    public IReadOnlyList<string> RuleIds { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "securityGroupRuleSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("SecurityGroupRuleId", RuleIds);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override SecurityGroupRule ReadItem(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Lets traffic in no longer.</summary>
internal sealed record RevokeSecurityGroupIngress : Ec2Command
{
    public required string GroupId { get; init; }

    public IReadOnlyList<IPPermission> Permissions { get; init; } = [];

    public IReadOnlyList<string> RuleIds { get; init; } = [];

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("GroupId", GroupId);
        query.Add("IpPermissions", Permissions);
        query.Add("SecurityGroupRuleId", RuleIds);
    }
}

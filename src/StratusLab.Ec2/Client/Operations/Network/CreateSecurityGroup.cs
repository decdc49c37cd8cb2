using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Makes a security group; a name that is taken in its network is refused.</summary>
internal sealed record CreateSecurityGroup : Ec2Text
{
    public required string GroupName { get; init; }

    public required string Description { get; init; }

    public string? VpcId { get; init; }

    public IReadOnlyList<TagSpecification> TagSpecifications { get; init; } = [];

    /// <inheritdoc/>
    protected override string Element => "groupId";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("GroupName", GroupName);
        query.Add("GroupDescription", Description);
        query.Add("VpcId", VpcId);
        query.Add("TagSpecification", TagSpecifications);
    }
}

using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Deletes a security group that nothing uses.</summary>
internal sealed record DeleteSecurityGroup : Ec2Command
{
    public required string GroupId { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("GroupId", GroupId);
    }
}

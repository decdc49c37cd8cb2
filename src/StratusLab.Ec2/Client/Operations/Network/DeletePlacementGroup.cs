using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Deletes an empty placement group.</summary>
internal sealed record DeletePlacementGroup : Ec2Command
{
    public required string GroupName { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("GroupName", GroupName);
    }
}

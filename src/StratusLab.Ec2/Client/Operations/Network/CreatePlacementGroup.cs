using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Network;

/// <summary>Makes a placement group; a name that is taken is refused.</summary>
internal sealed record CreatePlacementGroup : Ec2Operation<PlacementGroup>
{
    public required string GroupName { get; init; }

    public required PlacementStrategy Strategy { get; init; }

    public int? PartitionCount { get; init; }

    public IReadOnlyList<TagSpecification> TagSpecifications { get; init; } = [];

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("GroupName", GroupName);
        query.Add("Strategy", Strategy.Value);
        query.Add("PartitionCount", PartitionCount);
        query.Add("TagSpecification", TagSpecifications);
    }

    /// <inheritdoc/>
    public override PlacementGroup Read(Ec2XmlReader xml)
    {
        PlacementGroup? result = null;
        foreach (var child in xml.Children())
        {
            if (child == "placementGroup") result = new PlacementGroup(xml);
        }

        return result ?? throw new System.Xml.XmlException("CreatePlacementGroup was answered without 'placementGroup'.");
    }
}

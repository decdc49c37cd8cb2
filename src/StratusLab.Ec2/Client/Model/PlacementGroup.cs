using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A placement group.</summary>
internal sealed record PlacementGroup
{
    public PlacementGroup(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "groupName":
                    GroupName = xml.Text();
                    break;
                case "groupId":
                    GroupId = xml.Text();
                    break;
                case "state":
                    State = xml.Text();
                    break;
                case "strategy":
                    Strategy = new PlacementStrategy(xml.Text());
                    break;
                case "partitionCount":
                    PartitionCount = xml.Int();
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
            }
        }
    }

    public string GroupName { get; init; } = "";

    public string? GroupId { get; init; }

    public string? State { get; init; }

    public PlacementStrategy Strategy { get; init; }

    public int PartitionCount { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

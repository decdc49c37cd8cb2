using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A virtual network.</summary>
internal sealed record Vpc
{
    public Vpc(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "vpcId":
                    VpcId = xml.Text();
                    break;
                case "cidrBlock":
                    Cidr = xml.Text();
                    break;
                case "isDefault":
                    IsDefault = xml.Bool();
                    break;
                case "state":
                    State = xml.Text();
                    break;
                case "ownerId":
                    OwnerId = xml.Text();
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
            }
        }
    }

    public string VpcId { get; init; } = "";

    public string? Cidr { get; init; }

    public bool IsDefault { get; init; }

    public string? State { get; init; }

    public string? OwnerId { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

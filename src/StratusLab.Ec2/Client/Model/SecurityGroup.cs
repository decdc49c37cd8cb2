using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A firewall around instances.</summary>
internal sealed record SecurityGroup
{
    public SecurityGroup(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "groupId":
                    GroupId = xml.Text();
                    break;
                case "groupName":
                    GroupName = xml.Text();
                    break;
                case "groupDescription":
                    Description = xml.Text();
                    break;
                case "vpcId":
                    VpcId = xml.Text();
                    break;
                case "ownerId":
                    OwnerId = xml.Text();
                    break;
                case "ipPermissions":
                    Ingress = xml.Items(static item => new IPPermission(item));
                    break;
                case "ipPermissionsEgress":
                    Egress = xml.Items(static item => new IPPermission(item));
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
            }
        }
    }

    public string GroupId { get; init; } = "";

    public string GroupName { get; init; } = "";

    public string? Description { get; init; }

    public string? VpcId { get; init; }

    public string? OwnerId { get; init; }

    public IReadOnlyList<IPPermission> Ingress { get; init; } = [];

    public IReadOnlyList<IPPermission> Egress { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

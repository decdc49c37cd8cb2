using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>One rule of a security group.</summary>
internal sealed record SecurityGroupRule
{
    public SecurityGroupRule(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "securityGroupRuleId":
                    RuleId = xml.Text();
                    break;
                case "groupId":
                    GroupId = xml.Text();
                    break;
                case "isEgress":
                    IsEgress = xml.Bool();
                    break;
                case "ipProtocol":
                    Protocol = xml.Text();
                    break;
                case "fromPort":
                    FromPort = xml.Int();
                    break;
                case "toPort":
                    ToPort = xml.Int();
                    break;
                case "cidrIpv4":
                    IPv4Cidr = xml.Text();
                    break;
                case "cidrIpv6":
                    IPv6Cidr = xml.Text();
                    break;
                case "referencedGroupInfo":
                    ReferencedGroupId = xml.TextOf("groupId");
                    break;
                case "description":
                    Description = xml.Text();
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
            }
        }
    }

    public string RuleId { get; init; } = "";

    public string GroupId { get; init; } = "";

    public bool IsEgress { get; init; }

    public string? Protocol { get; init; }

    public int FromPort { get; init; }

    public int ToPort { get; init; }

    public string? IPv4Cidr { get; init; }

    public string? IPv6Cidr { get; init; }

    public string? ReferencedGroupId { get; init; }

    public string? Description { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A subnet.</summary>
internal sealed record Subnet
{
    public Subnet(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "subnetId":
                    SubnetId = xml.Text();
                    break;
                case "vpcId":
                    VpcId = xml.Text();
                    break;
                case "availabilityZone":
                    AvailabilityZone = xml.Text();
                    break;
                case "availabilityZoneId":
                    AvailabilityZoneId = xml.Text();
                    break;
                case "availableIpAddressCount":
                    AvailableAddresses = xml.Int();
                    break;
                case "cidrBlock":
                    Cidr = xml.Text();
                    break;
                case "defaultForAz":
                    IsDefault = xml.Bool();
                    break;
                case "mapPublicIpOnLaunch":
                    AssignsPublicAddresses = xml.Bool();
                    break;
                case "state":
                    State = xml.Text();
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
            }
        }
    }

    public string SubnetId { get; init; } = "";

    public string VpcId { get; init; } = "";

    public string AvailabilityZone { get; init; } = "";

    public string? AvailabilityZoneId { get; init; }

    public int AvailableAddresses { get; init; }

    public string? Cidr { get; init; }

    public bool IsDefault { get; init; }

    public bool AssignsPublicAddresses { get; init; }

    public string? State { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Regions, zones, virtual networks and subnets.</summary>
internal sealed class NetworkActions(EmulatedCloud cloud)
{
    private static readonly Dictionary<string, string> NoTags = [];

    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions)
    {
        actions["DescribeRegions"] = Regions;
        actions["DescribeAvailabilityZones"] = Zones;
        actions["DescribeVpcs"] = Vpcs;
        actions["DescribeSubnets"] = Subnets;
    }

    private IEnumerable<XElement?> Regions(QueryForm form)
    {
        string[] regions = [.. new[] { "eu-west-1", "eu-central-1", "us-east-1", cloud.Options.Region }.Distinct()];
        var names = form.List("RegionName");
        yield return Set("regionInfo", regions.Where(r => names.Count == 0 || names.Contains(r)), r => new object?[]
        {
            E("regionName", r), E("regionEndpoint", $"ec2.{r}.amazonaws.com"), E("optInStatus", "opt-in-not-required"),
        });
    }

    private IEnumerable<XElement?> Zones(QueryForm form)
    {
        var names = form.List("ZoneName");
        var zones = cloud.Zones.Where(z => names.Count == 0 || names.Contains(z));
        yield return Set(
            "availabilityZoneInfo",
            Filters.Apply(form, zones.ToList(), _ => NoTags, (z, name) => name switch
            {
                "zone-name" => [z],
                "state" => ["available"],
                "region-name" => [cloud.Options.Region],
                "zone-type" => ["availability-zone"],
                "opt-in-status" => ["opt-in-not-required"],
                _ => null,
            }),
            z => new object?[]
            {
                E("zoneName", z), E("zoneState", "available"), E("regionName", cloud.Options.Region), E("zoneId", $"euw1-az{z[^1] - 'a' + 1}"), E("zoneType", "availability-zone"),
                E("optInStatus", "opt-in-not-required"), E("messageSet"),
            });
    }

    private IEnumerable<XElement?> Vpcs(QueryForm form)
    {
        var ids = form.List("VpcId");
        foreach (var id in ids.Where(id => id != cloud.VpcId)) throw new Ec2FaultException("InvalidVpcID.NotFound", $"The vpc ID '{id}' does not exist");
        var (page, next) = Pages.Cut(form, Filters.Apply(form, [cloud.VpcId], _ => NoTags, (vpc, name) => name switch
        {
            "vpc-id" => [vpc],
            "is-default" or "isDefault" => ["true"],
            "state" => ["available"],
            _ => null,
        }));
        yield return Set("vpcSet", page, vpc => new object?[]
        {
            E("vpcId", vpc), E("ownerId", cloud.Options.AccountId), E("state", "available"), E("cidrBlock", cloud.AddressPrefix + ".0.0/16"), E("isDefault", true), E("instanceTenancy", "default"), Tags(NoTags),
        });
        yield return E("nextToken", next);
    }

    private IEnumerable<XElement?> Subnets(QueryForm form)
    {
        var ids = form.List("SubnetId");
        foreach (var id in ids.Where(id => cloud.Subnets.All(s => s.Id != id))) throw new Ec2FaultException("InvalidSubnetID.NotFound", $"The subnet ID '{id}' does not exist");
        var subnets = cloud.Subnets.Where(s => ids.Count == 0 || ids.Contains(s.Id));
        var (page, next) = Pages.Cut(form, Filters.Apply(form, subnets.ToList(), s => s.Tags, (s, name) => name switch
        {
            "subnet-id" => [s.Id],
            "vpc-id" => [s.VpcId],
            "availability-zone" or "availabilityZone" => [s.Zone],
            "default-for-az" or "defaultForAz" => ["true"],
            "state" => ["available"],
            _ => null,
        }));
        yield return Set("subnetSet", page, s => new object?[]
        {
            E("subnetId", s.Id), E("vpcId", s.VpcId), E("ownerId", cloud.Options.AccountId), E("state", "available"), E("cidrBlock", s.Cidr), E("availableIpAddressCount", s.Available),
            E("availabilityZone", s.Zone), E("defaultForAz", true), E("mapPublicIpOnLaunch", true), Tags(s.Tags),
        });
        yield return E("nextToken", next);
    }
}

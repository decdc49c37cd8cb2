using System.Globalization;
using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Instance types, where they are offered, what they cost on the spot market, and the account's limits.</summary>
internal sealed class TypeActions(EmulatedCloud cloud)
{
    private static readonly Dictionary<string, string> NoTags = [];

    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions)
    {
        actions["DescribeInstanceTypes"] = Types;
        actions["DescribeInstanceTypeOfferings"] = Offerings;
        actions["DescribeSpotPriceHistory"] = Prices;
        actions["DescribeAccountAttributes"] = Attributes;
    }

    private IEnumerable<XElement?> Types(QueryForm form)
    {
        var names = form.List("InstanceType");
        var types = names.Count > 0 ? names.Select(cloud.Type) : cloud.Types;
        var (page, next) = Pages.Cut(
            form,
            Filters.Apply(form, types.ToList(), _ => NoTags, (t, name) => name switch
            {
                "instance-type" => [t.Name],
                "processor-info.supported-architecture" => [t.Architecture],
                "vcpu-info.default-vcpus" => [t.VCpu.ToString(CultureInfo.InvariantCulture)],
                "memory-info.size-in-mib" => [t.MemoryMiB.ToString(CultureInfo.InvariantCulture)],
                "current-generation" => [t.CurrentGeneration ? "true" : "false"],
                "bare-metal" => [t.IsMetal ? "true" : "false"],
                "supported-usage-class" => t.UsageClasses,
                "supported-boot-mode" => t.BootModes,
                _ => null,
            }),
            largest: 100);
        yield return Set("instanceTypeSet", page, Type);
        yield return E("nextToken", next);
    }

    private static object?[] Type(EmulatedInstanceType t) =>
    [
        E("instanceType", t.Name), E("currentGeneration", t.CurrentGeneration), E("freeTierEligible", (t.Name == "t3.micro")),
        Set("supportedUsageClasses", t.UsageClasses, c => c), Set("supportedRootDeviceTypes", ["ebs"], c => c), Set("supportedVirtualizationTypes", ["hvm"], c => c),
        E("bareMetal", t.IsMetal), t.IsMetal ? null : E("hypervisor", t.CurrentGeneration ? "nitro" : "xen"),
        E("processorInfo", Set("supportedArchitectures", [t.Architecture], a => a), E("sustainedClockSpeedInGhz", 3.1)),
        E("vCpuInfo", E("defaultVCpus", t.VCpu), E("defaultCores", Math.Max(1, t.VCpu / t.ThreadsPerCore)), E("defaultThreadsPerCore", t.ThreadsPerCore)),
        E("memoryInfo", E("sizeInMiB", t.MemoryMiB)), E("instanceStorageSupported", false),
        E("networkInfo", E("networkPerformance", "Up to 10 Gigabit"), E("maximumNetworkInterfaces", 3), E("enaSupport", t.CurrentGeneration ? "required" : "unsupported")),
        t.Gpu is null ? null : E("gpuInfo",
            Set("gpus", [t], g => new object?[]
            {
                E("name", g.Gpu!), E("manufacturer", g.Gpu!.StartsWith("Radeon", StringComparison.Ordinal) ? "AMD" : "NVIDIA"), E("count", g.GpuCount), E("memoryInfo", E("sizeInMiB", g.GpuMemoryMiB)),
            }),
            E("totalGpuMemoryInMiB", (t.GpuMemoryMiB * t.GpuCount))),
        E("placementGroupInfo", Set("supportedStrategies", ["cluster", "partition", "spread"], s => s)),
        E("hibernationSupported", (t.Gpu is null && !t.IsMetal)), E("burstablePerformanceSupported", t.IsBurstable), E("dedicatedHostsSupported", true),
        Set("supportedBootModes", t.BootModes, m => m),
    ];

    private IEnumerable<XElement?> Offerings(QueryForm form)
    {
        var kind = form["LocationType"] ?? "region";
        var offerings =
            from type in cloud.Types
            from place in kind == "region" ? [cloud.Options.Region] : cloud.Zones.Where(type.IsIn)
            select (type.Name, Place: place);
        var (page, next) = Pages.Cut(form, Filters.Apply(form, offerings.ToList(), _ => NoTags, (o, name) => name switch
        {
            "instance-type" => [o.Name],
            "location" => [o.Place],
            _ => null,
        }));
        yield return Set("instanceTypeOfferingSet", page, o => new object?[] { E("instanceType", o.Name), E("locationType", kind), E("location", o.Place) });
        yield return E("nextToken", next);
    }

    private IEnumerable<XElement?> Prices(QueryForm form)
    {
        var types = form.List("InstanceType");
        var products = form.List("ProductDescription");
        var end = Time(form, "EndTime") ?? cloud.Now;
        var start = Time(form, "StartTime") ?? end - TimeSpan.FromDays(1);
        var prices =
            from type in cloud.Types
            where type.HasSpot && (types.Count == 0 || types.Contains(type.Name))
            where products.Count == 0 || products.Contains("Linux/UNIX") || products.Contains("Linux/UNIX (Amazon VPC)")
            from zone in cloud.Zones.Where(type.IsIn)
            where form["AvailabilityZone"] is null || form["AvailabilityZone"] == zone
            from price in type.SpotPrices(zone, start, end)
            orderby price.At descending
            select (Type: type, Zone: zone, price.At, price.Price);
        var (page, next) = Pages.Cut(form, Filters.Apply(form, prices.ToList(), _ => NoTags, (p, name) => name switch
        {
            "instance-type" => [p.Type.Name],
            "availability-zone" => [p.Zone],
            "product-description" => ["Linux/UNIX"],
            _ => null,
        }), smallest: 1);
        yield return Set("spotPriceHistorySet", page, p => new object?[]
        {
            E("instanceType", p.Type.Name), E("productDescription", "Linux/UNIX"), E("spotPrice", p.Price.ToString("0.000000", CultureInfo.InvariantCulture)),
            E("timestamp", p.At), E("availabilityZone", p.Zone),
        });
        yield return E("nextToken", next);
    }

    private static DateTimeOffset? Time(QueryForm form, string name) =>
        form[name] is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new Ec2FaultException("InvalidParameterValue", $"Invalid value '{text}' for {name}. It must be a time.");

    private IEnumerable<XElement?> Attributes(QueryForm form)
    {
        var names = form.List("AttributeName");
        (string Name, string Value)[] all = [("supported-platforms", "VPC"), ("default-vpc", cloud.VpcId), ("max-instances", "20"), ("vpc-max-security-groups-per-interface", "5")];
        yield return Set("accountAttributeSet", all.Where(a => names.Count == 0 || names.Contains(a.Name)), a => new object?[]
        {
            E("attributeName", a.Name), Set("attributeValueSet", [a.Value], v => E("attributeValue", v)),
        });
    }
}

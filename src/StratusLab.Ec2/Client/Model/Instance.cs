using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>An instance as EC2 describes it.</summary>
internal sealed record Instance
{
    /// <summary>An instance that is known without a description.</summary>
    public Instance()
    {
    }

    public Instance(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "instanceId":
                    InstanceId = xml.Text();
                    break;
                case "imageId":
                    ImageId = xml.Text();
                    break;
                case "instanceState":
                    State = new InstanceState(xml.TextOf("name") ?? "");
                    break;
                case "instanceType":
                    InstanceType = xml.Text();
                    break;
                case "architecture":
                    Architecture = new CpuArchitecture(xml.Text());
                    break;
                case "privateIpAddress":
                    PrivateIPAddress = xml.Text();
                    break;
                case "ipAddress":
                    PublicIPAddress = xml.Text();
                    break;
                case "ipv6Address":
                    IPv6Address = xml.Text();
                    break;
                case "privateDnsName":
                    PrivateDnsName = xml.Text();
                    break;
                case "dnsName":
                    PublicDnsName = xml.Text();
                    break;
                case "launchTime":
                    LaunchTime = xml.Time();
                    break;
                case "keyName":
                    KeyName = xml.Text();
                    break;
                case "clientToken":
                    ClientToken = xml.Text();
                    break;
                case "amiLaunchIndex":
                    AmiLaunchIndex = xml.Int();
                    break;
                case "placement":
                    Placement = new Placement(xml);
                    break;
                case "subnetId":
                    SubnetId = xml.Text();
                    break;
                case "vpcId":
                    VpcId = xml.Text();
                    break;
                case "groupSet":
                    SecurityGroups = xml.Items(static item => new SecurityGroupName(item));
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
                case "blockDeviceMapping":
                    BlockDevices = xml.Items(static item => new InstanceBlockDevice(item));
                    break;
                case "rootDeviceName":
                    RootDeviceName = xml.Text();
                    break;
                case "instanceLifecycle":
                    Market = new MarketType(xml.Text());
                    break;
                case "spotInstanceRequestId":
                    SpotInstanceRequestId = xml.Text();
                    break;
                case "stateReason":
                    StateReason = new StateReason(xml);
                    break;
                case "reason":
                    StateTransitionReason = xml.Text();
                    break;
                case "cpuOptions":
                    foreach (var part in xml.Children())
                    {
                        if (part == "coreCount") CoreCount = xml.Int();
                        else if (part == "threadsPerCore") ThreadsPerCore = xml.Int();
                    }

                    break;
                case "hibernationOptions":
                    foreach (var part in xml.Children())
                    {
                        if (part == "configured") CanHibernate = xml.Bool();
                    }

                    break;
                case "metadataOptions":
                    MetadataTokens = new TokenUse(xml.TextOf("httpTokens") ?? "");
                    break;
                case "bootMode":
                    BootMode = new BootMode(xml.Text());
                    break;
                case "platformDetails":
                    PlatformDetails = xml.Text();
                    break;
                case "ebsOptimized":
                    EbsOptimized = xml.Bool();
                    break;
            }
        }
    }

    public string InstanceId { get; init; } = "";

    public string ImageId { get; init; } = "";

    public InstanceState State { get; init; }

    public string InstanceType { get; init; } = "";

    public CpuArchitecture Architecture { get; init; }

    public string? PrivateIPAddress { get; init; }

    public string? PublicIPAddress { get; init; }

    public string? IPv6Address { get; init; }

    public string? PrivateDnsName { get; init; }

    public string? PublicDnsName { get; init; }

    public DateTimeOffset? LaunchTime { get; init; }

    public string? KeyName { get; init; }

    public string? ClientToken { get; init; }

    public int AmiLaunchIndex { get; init; }

    public Placement? Placement { get; init; }

    public string? SubnetId { get; init; }

    public string? VpcId { get; init; }

    public IReadOnlyList<SecurityGroupName> SecurityGroups { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyList<InstanceBlockDevice> BlockDevices { get; init; } = [];

    public string? RootDeviceName { get; init; }

    public MarketType Market { get; init; }

    public string? SpotInstanceRequestId { get; init; }

    public StateReason? StateReason { get; init; }

    public string? StateTransitionReason { get; init; }

    public int CoreCount { get; init; }

    public int ThreadsPerCore { get; init; }

    public bool CanHibernate { get; init; }

    public TokenUse MetadataTokens { get; init; }

    public BootMode BootMode { get; init; }

    public string? PlatformDetails { get; init; }

    public bool EbsOptimized { get; init; }
}

using System.Text;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Fleets;
using StratusLab.Ec2.Client.Operations.Images;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Client.Operations.InstanceTypes;
using StratusLab.Ec2.Client.Operations.KeyPairs;
using StratusLab.Ec2.Client.Operations.Network;
using StratusLab.Ec2.Client.Operations.Tags;
using StratusLab.Ec2.Client.Operations.Volumes;
using StratusLab.Ec2.Emulator.Model;
using StratusLab.Ec2.Wire;
using StratusLab.Rig.Requirements;

namespace StratusLab.Ec2.Tests.Client;

/// <summary>Goes through every operation that the client has, with every parameter that it can set.</summary>
public sealed class EveryOperationTests
{
    private static readonly Dictionary<string, string> Tags = new() { ["stratuslab:site"] = "test", ["empty"] = "" };

    [Fact]
    public async Task Every_operation_is_answered()
    {
        await using var region = await Region.StartAsync();
        await EverythingAsync(region);
        Assert.Equal(Operations(), region.Emulator.Calls.Select(call => call.Action).Distinct().Order());
        Assert.All(region.Emulator.Calls, call => Assert.Equal("OK", call.Outcome));
        Assert.Equal(0, region.Emulator.Cloud.Alive);
    }

    [RequiresFact(Need.Botocore)]
    public async Task Every_request_and_answer_fits_the_service_model()
    {
        Assert.NotNull(ServiceModel.Installed);
        await using var region = await Region.StartAsync();
        await EverythingAsync(region);
        Assert.Empty(region.Emulator.Violations);
    }

    [RequiresFact(Need.Botocore)]
    public async Task Every_operation_has_a_dry_run_that_the_service_model_knows()
    {
        await using var region = await Region.StartAsync();
        Assert.Null(await region.Client.DryRunAsync(new RunInstances { MinCount = 1, MaxCount = 1, ImageId = region.Image, InstanceType = "t3.micro" }));
        Assert.Null(await region.Client.DryRunAsync(new TerminateInstances { InstanceIds = ["i-1"] }));
        Assert.Equal(0, region.Emulator.Cloud.Launched);
        Assert.Empty(region.Emulator.Violations);
    }

    private static IEnumerable<string> Operations() =>
        typeof(RunInstances).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, Namespace: { } space } && space.StartsWith("StratusLab.Ec2.Client.Operations", StringComparison.Ordinal) && type.IsAssignableTo(typeof(IQueryObject)) == false && type.Name[0] != '<')
            .Where(type => type.GetProperty(nameof(RunInstances.Action)) is not null)
            .Select(type => type.Name)
            .Order();

    private static async Task EverythingAsync(Region region)
    {
        var ec2 = region.Client;
        await NetworkAsync(region);
        await TypesAsync(region);
        await ec2.SendAsync(new ImportKeyPair { KeyName = "key", PublicKeyMaterial = Base64("ssh-ed25519 AAAA user@host"), TagSpecifications = [Spec("key-pair")] });
        var key = Assert.Single(await ec2.SendAsync(new DescribeKeyPairs { KeyNames = ["key"], IncludePublicKey = true, Filters = [By("key-name", "k*")] }));
        Assert.Equal(("key", "ed25519", "test"), (key.KeyName, key.KeyType, key.Tags["stratuslab:site"]));

        var group = await ec2.SendAsync(new CreateSecurityGroup { GroupName = "ssh", Description = "Port 22", TagSpecifications = [Spec("security-group")] });
        await RulesAsync(region, group);
        var placement = await ec2.SendAsync(new CreatePlacementGroup { GroupName = "near", Strategy = PlacementStrategy.Cluster, TagSpecifications = [Spec("placement-group")] });
        Assert.Equal(PlacementStrategy.Cluster, placement.Strategy);
        Assert.Single(await ec2.SendAsync(new DescribePlacementGroups { GroupNames = ["near"], Filters = [By("strategy", "cluster")] }));

        await ImagesAsync(region);
        var instance = await LaunchAsync(region, group);
        await VolumesAsync(region, instance);
        await TagsAsync(region, instance.InstanceId);
        await FleetAsync(region);
        await LivesAsync(region, instance.InstanceId, group);

        await ec2.SendAsync(new DeletePlacementGroup { GroupName = "near" });
        await ec2.SendAsync(new DeleteSecurityGroup { GroupId = group });
        await ec2.SendAsync(new DeleteKeyPair { KeyName = "key" });
    }

    private static async Task NetworkAsync(Region region)
    {
        var ec2 = region.Client;
        Assert.Contains(await ec2.SendAsync(new DescribeRegions { RegionNames = ["eu-west-1"], AllRegions = true }), r => r.Name == "eu-west-1");
        Assert.Equal(3, (await ec2.SendAsync(new DescribeAvailabilityZones { Filters = [By("state", "available")] })).Count);
        var vpc = Assert.Single(await ec2.ListAsync(new DescribeVpcs { Filters = [By("is-default", "true")] }).ToListAsync());
        Assert.True(vpc.IsDefault);
        var subnets = await ec2.ListAsync(new DescribeSubnets { Filters = [By("vpc-id", vpc.VpcId)] }).ToListAsync();
        Assert.Equal(["eu-west-1a", "eu-west-1b", "eu-west-1c"], subnets.Select(s => s.AvailabilityZone));
        Assert.All(subnets, s => Assert.Equal(4091, s.AvailableAddresses));
    }

    private static async Task TypesAsync(Region region)
    {
        var ec2 = region.Client;
        var types = await ec2.ListAsync(new DescribeInstanceTypes { MaxResults = 10, Filters = [By("processor-info.supported-architecture", "x86_64")] }).ToListAsync();
        var large = Assert.Single(types, t => t.Name == "m5.large");
        Assert.Equal((2, 8192), (large.VCpu, large.MemoryMiB));
        Assert.Contains(UsageClass.Spot, large.UsageClasses);
        Assert.Equal(["T4"], types.Single(t => t.Name == "g4dn.xlarge").Gpus.Select(g => g.Name));
        Assert.Single(await ec2.ListAsync(new DescribeInstanceTypes { InstanceTypes = ["t3.micro"] }).ToListAsync());
        var offerings = await ec2.ListAsync(new DescribeInstanceTypeOfferings { LocationType = LocationType.AvailabilityZone, Filters = [By("instance-type", "g4dn.xlarge")] }).ToListAsync();
        Assert.Equal(["eu-west-1a", "eu-west-1b"], offerings.Select(o => o.Location));
        var prices = await ec2.ListAsync(new DescribeSpotPriceHistory { InstanceTypes = ["m5.large"], ProductDescriptions = ["Linux/UNIX"], StartTime = DateTimeOffset.UtcNow, EndTime = DateTimeOffset.UtcNow }).ToListAsync();
        Assert.InRange(Assert.Single(prices, p => p.AvailabilityZone == "eu-west-1a").Price, 0.0321m, 0.0375m);
        Assert.NotEmpty(await ec2.SendAsync(new DescribeAccountAttributes { AttributeNames = ["default-vpc"] }));
    }

    private static async Task RulesAsync(Region region, string group)
    {
        var ec2 = region.Client;
        IPPermission ssh = new() { Protocol = "tcp", FromPort = 22, ToPort = 22, IPv4Ranges = [new IPv4Range { Cidr = "192.0.2.0/24", Description = "office" }], IPv6Ranges = [new IPv6Range { Cidr = "2001:db8::/32" }], Groups = [new GroupReference { GroupId = group }] };
        await ec2.SendAsync(new AuthorizeSecurityGroupIngress { GroupId = group, Permissions = [ssh] });
        var described = Assert.Single(await ec2.ListAsync(new DescribeSecurityGroups { GroupIds = [group] }).ToListAsync());
        var permission = Assert.Single(described.Ingress);
        Assert.Equal(("tcp", 22, 22, "192.0.2.0/24", "office"), (permission.Protocol, permission.FromPort, permission.ToPort, permission.IPv4Ranges[0].Cidr, permission.IPv4Ranges[0].Description));
        var rules = await ec2.ListAsync(new DescribeSecurityGroupRules { Filters = [By("group-id", group)] }).ToListAsync();
        Assert.Equal(3, rules.Count);
        await ec2.SendAsync(new RevokeSecurityGroupIngress { GroupId = group, RuleIds = [rules[2].RuleId] });
        await ec2.SendAsync(new RevokeSecurityGroupIngress { GroupId = group, Permissions = [ssh] });
    }

    private static async Task ImagesAsync(Region region)
    {
        var ec2 = region.Client;
        var debian = await ec2.SendAsync(new DescribeImages { Owners = ["136693071363"], Filters = [By("name", "debian-12-*"), By("architecture", "x86_64")], IncludeDeprecated = false });
        Assert.Equal(CpuArchitecture.X64, Assert.Single(debian).Architecture);

        lock (region.Emulator.Cloud.Gate) region.Emulator.Cloud.Store.Put("bucket", "disk.raw", new byte[1 << 20]);
        var task = await ec2.SendAsync(new ImportSnapshot
        {
            ClientToken = "import", Description = "disk", TagSpecifications = [Spec("import-snapshot-task")], DiskContainer = new DiskContainer { Format = "RAW", Bucket = "bucket", Key = "disk.raw" },
        });
        var done = Assert.Single(await ec2.ListAsync(new DescribeImportSnapshotTasks { ImportTaskIds = [task.ImportTaskId] }).ToListAsync());
        Assert.Equal("completed", done.Status);
        await ec2.SendAsync(new CancelImportTask { ImportTaskId = task.ImportTaskId, CancelReason = "too late" });
        var image = await ec2.SendAsync(new RegisterImage
        {
            Name = "ours", Description = "test", Architecture = CpuArchitecture.X64, BootMode = BootMode.Uefi, RootDeviceName = "/dev/xvda", VirtualizationType = "hvm", EnaSupport = true,
            TpmSupport = "v2.0", ImdsSupport = "v2.0",
            BlockDevices = [new BlockDeviceMapping { DeviceName = "/dev/xvda", Ebs = new EbsBlockDevice { SnapshotId = done.SnapshotId, SizeGiB = 10, VolumeType = VolumeType.Gp3, DeleteOnTermination = true } }],
        });
        var copy = await ec2.SendAsync(new CopyImage { SourceImageId = image, SourceRegion = "eu-west-1", Name = "copy", ClientToken = "copy", Encrypted = true });
        await ec2.SendAsync(new ModifyImageAttribute { ImageId = image, Description = "changed" });
        await ec2.SendAsync(new ModifyImageAttribute { ImageId = image, AddPermissions = [new LaunchPermission { UserId = "111122223333" }] });
        var ours = await ec2.SendAsync(new DescribeImages { ImageIds = [image] });
        Assert.Equal(("changed", BootMode.Uefi, 10), (ours[0].Description, ours[0].BootMode, ours[0].BlockDevices[0].Ebs!.SizeGiB));
        await ec2.SendAsync(new DeregisterImage { ImageId = copy });
        await ec2.SendAsync(new DeregisterImage { ImageId = image });
        await ec2.SendAsync(new DeleteSnapshot { SnapshotId = done.SnapshotId! });
    }

    private static async Task<Instance> LaunchAsync(Region region, string group)
    {
        var reservation = await region.Client.SendAsync(new RunInstances
        {
            ImageId = region.Image, InstanceType = "m5.large", MinCount = 1, MaxCount = 1, ClientToken = "launch", KeyName = "key", SecurityGroupIds = [group],
            SubnetId = region.Emulator.Cloud.Subnets[1].Id, UserData = Base64("#cloud-config\n"), Placement = new Placement { GroupName = "near", Tenancy = Tenancy.Default },
            BlockDevices = [new BlockDeviceMapping { DeviceName = "/dev/xvda", Ebs = new EbsBlockDevice { SizeGiB = 20, VolumeType = VolumeType.Gp3, Iops = 3000, Throughput = 125, Encrypted = true, DeleteOnTermination = true } }],
            MetadataOptions = new MetadataOptions { HttpTokens = TokenUse.Required, HttpPutResponseHopLimit = 1, HttpEndpoint = "enabled", InstanceMetadataTags = "disabled" },
            ShutdownBehavior = ShutdownBehavior.Terminate, CanHibernate = true, EbsOptimized = true, CpuOptions = new CpuOptions { CoreCount = 1, ThreadsPerCore = 2 },
            TagSpecifications = [Spec("instance"), Spec("volume")],
        });
        var launched = Assert.Single(reservation.Instances);
        var instance = Assert.Single(Assert.Single(await region.Client.ListAsync(new DescribeInstances { InstanceIds = [launched.InstanceId] }).ToListAsync()).Instances);
        Assert.Equal((InstanceState.Running, "m5.large", "launch", "key", "eu-west-1b", true, TokenUse.Required),
            (instance.State, instance.InstanceType, instance.ClientToken, instance.KeyName, instance.Placement!.AvailabilityZone, instance.CanHibernate, instance.MetadataTokens));
        Assert.Equal(("test", ""), (instance.Tags["stratuslab:site"], instance.Tags["empty"]));
        Assert.Equal([group], instance.SecurityGroups.Select(g => g.GroupId));
        Assert.NotNull(instance.PublicIPAddress);
        Assert.Single(await region.Client.ListAsync(new DescribeInstanceStatus { InstanceIds = [instance.InstanceId], IncludeAllInstances = true }).ToListAsync());
        return instance;
    }

    private static async Task VolumesAsync(Region region, Instance instance)
    {
        var ec2 = region.Client;
        var volume = await ec2.SendAsync(new CreateVolume
        {
            AvailabilityZone = "eu-west-1b", SizeGiB = 5, VolumeType = VolumeType.Gp3, Encrypted = true, ClientToken = "volume", TagSpecifications = [Spec("volume")],
        });
        var attached = await ec2.SendAsync(new AttachVolume { VolumeId = volume.VolumeId, InstanceId = instance.InstanceId, Device = "/dev/sdf" });
        Assert.Equal(AttachmentState.Attached, attached.State);
        var listed = Assert.Single(await ec2.ListAsync(new DescribeVolumes { VolumeIds = [volume.VolumeId] }).ToListAsync());
        Assert.Equal((5, VolumeState.InUse, "/dev/sdf"), (listed.SizeGiB, listed.State, listed.Attachments[0].Device));
        var snapshot = await ec2.SendAsync(new CreateSnapshot { VolumeId = volume.VolumeId, Description = "backup", TagSpecifications = [Spec("snapshot")] });
        Assert.Single(await ec2.ListAsync(new DescribeSnapshots { Owners = ["self"], SnapshotIds = [snapshot.SnapshotId] }).ToListAsync());
        await ec2.SendAsync(new DetachVolume { VolumeId = volume.VolumeId, InstanceId = instance.InstanceId, Force = false });
        await ec2.SendAsync(new DeleteVolume { VolumeId = volume.VolumeId });
    }

    private static async Task TagsAsync(Region region, string instance)
    {
        var ec2 = region.Client;
        await ec2.SendAsync(new CreateTags { ResourceIds = [instance], Tags = new Dictionary<string, string> { ["Name"] = "näme & <more>", ["gone"] = "soon" } });
        await ec2.SendAsync(new DeleteTags { ResourceIds = [instance], Keys = [new TagKey { Key = "gone" }] });
        var tags = await ec2.ListAsync(new DescribeTags { Filters = [By("resource-id", instance)] }).ToListAsync();
        Assert.Equal("näme & <more>", Assert.Single(tags, t => t.Key == "Name").Value);
        Assert.DoesNotContain(tags, t => t.Key == "gone");
    }

    private static async Task FleetAsync(Region region)
    {
        var ec2 = region.Client;
        var template = await ec2.SendAsync(new CreateLaunchTemplate
        {
            Name = "node", ClientToken = "template", VersionDescription = "first", TagSpecifications = [Spec("launch-template")],
            Template = new LaunchTemplateData
            {
                ImageId = region.Image, KeyName = "key", UserData = Base64("#!/bin/sh\n"), EbsOptimized = true, ShutdownBehavior = ShutdownBehavior.Terminate,
                MetadataOptions = new MetadataOptions { HttpTokens = TokenUse.Required },
                BlockDevices = [new BlockDeviceMapping { DeviceName = "/dev/xvda", Ebs = new EbsBlockDevice { Encrypted = true, SizeGiB = 8 } }], TagSpecifications = [Spec("instance")],
            },
        });
        Assert.Equal(["node"], (await ec2.ListAsync(new DescribeLaunchTemplates { Ids = [template.LaunchTemplateId] }).ToListAsync()).Select(t => t.Name));
        var fleet = await ec2.SendAsync(new CreateFleet
        {
            Type = FleetType.Instant, TotalCapacity = 3, CapacityType = UsageClass.Spot, ClientToken = "fleet", SpotAllocation = SpotAllocation.PriceCapacityOptimized, MinSpotCapacity = 1,
            MaxTotalPrice = "1.5", TagSpecifications = [Spec("instance")],
            LaunchTemplates =
            [
                new FleetLaunchTemplate
                {
                    Template = new LaunchTemplateReference { LaunchTemplateId = template.LaunchTemplateId, Version = "1" },
                    Overrides = [new FleetOverride { InstanceType = "c6a.large", AvailabilityZone = "eu-west-1c", Priority = 1 }, new FleetOverride { InstanceType = "m5.large", AvailabilityZone = "eu-west-1a", Priority = 2, WeightedCapacity = 1, MaxPrice = "0.05" }],
                },
            ],
        });
        Assert.Equal("Unsupported", Assert.Single(fleet.Errors).Code);
        var launch = Assert.Single(fleet.Launches);
        Assert.Equal((3, "m5.large", UsageClass.Spot), (launch.InstanceIds.Count, launch.InstanceType, launch.Lifecycle));
        var spot = (await ec2.ListAsync(new DescribeInstances { Filters = [By("instance-lifecycle", "spot")], MaxResults = 5 }).ToListAsync()).SelectMany(r => r.Instances).ToList();
        Assert.All(spot, i => Assert.Equal(MarketType.Spot, i.Market));
        await ec2.SendAsync(new TerminateInstances { InstanceIds = launch.InstanceIds });
        await ec2.SendAsync(new DeleteLaunchTemplate { Id = template.LaunchTemplateId });
    }

    private static async Task LivesAsync(Region region, string instance, string group)
    {
        var ec2 = region.Client;
        var console = await ec2.SendAsync(new GetConsoleOutput { InstanceId = instance, Latest = true });
        Assert.Contains("login:", Encoding.UTF8.GetString(Convert.FromBase64String(console.EncodedOutput!)), StringComparison.Ordinal);
        await ec2.SendAsync(new RebootInstances { InstanceIds = [instance] });
        var stop = Assert.Single(await ec2.SendAsync(new StopInstances { InstanceIds = [instance], Hibernate = true }));
        Assert.Equal((InstanceState.Running, InstanceState.Stopped), (stop.Previous, stop.Current));
        await ec2.SendAsync(new ModifyInstanceAttribute { InstanceId = instance, InstanceType = "m5.xlarge" });
        await ec2.SendAsync(new ModifyInstanceAttribute { InstanceId = instance, SecurityGroupIds = [group] });
        await ec2.SendAsync(new StartInstances { InstanceIds = [instance] });
        var ended = Assert.Single(await ec2.SendAsync(new TerminateInstances { InstanceIds = [instance] }));
        Assert.Equal(InstanceState.Terminated, ended.Current);
    }

    private static TagSpecification Spec(string resourceType) => new() { ResourceType = resourceType, Tags = Tags };

    private static Filter By(string name, params string[] values) => new() { Name = name, Values = values };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Launches instances.</summary>
internal sealed class LaunchActions(EmulatedCloud cloud)
{
    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions) => actions["RunInstances"] = Run;

    private IEnumerable<XElement?> Run(QueryForm form)
    {
        int least = form.Int("MinCount") ?? throw Missing("MinCount"), most = form.Int("MaxCount") ?? throw Missing("MaxCount");
        if (least < 1 || most < least) throw new Ec2FaultException("InvalidParameterValue", $"Invalid values '{least}' and '{most}' for MinCount and MaxCount.");
        var reservation = cloud.Earlier(form);
        if (reservation is null)
        {
            var launched = Launch(form, form, least, most);
            reservation = launched[0].ReservationId;
            cloud.Remember(form, reservation);
        }

        return Content(InstanceXml.Reservation(cloud, reservation, cloud.Instances.Where(i => i.ReservationId == reservation)));
    }

    /// <summary>Launches as many as there are machines for, at least the lesser number.</summary>
    /// <param name="call">The call, for its token.</param>
    /// <param name="form">What the instances are to be like.</param>
    public List<EmulatedInstance> Launch(QueryForm call, QueryForm form, int least, int most)
    {
        form = WithTemplate(form);
        var type = cloud.Type(form.Required("InstanceType"));
        var image = cloud.Images.Find(i => i.Id == form.Required("ImageId")) ?? throw new Ec2FaultException("InvalidAMIID.NotFound", $"The image id '[{form["ImageId"]}]' does not exist");
        if (image.Architecture != type.Architecture)
            throw new Ec2FaultException("InvalidParameterValue", $"The architecture '{type.Architecture}' of the specified instance type does not match the architecture '{image.Architecture}' of the specified AMI.");
        if (form["KeyName"] is { } key && !cloud.Keys.Exists(k => k.Name == key)) throw new Ec2FaultException("InvalidKeyPair.NotFound", $"The key pair '{key}' does not exist");
        if (form["UserData"] is { } data && UserDataLength(data) > 16384) throw new Ec2FaultException("InvalidParameterValue", "User data is limited to 16384 bytes");
        if (form["CreditSpecification.CpuCredits"] is { } credits)
        {
            if (!type.IsBurstable) throw new Ec2FaultException("InvalidParameterCombination", "The parameter CreditSpecification is only supported for burstable performance instances.");
            if (credits is not ("standard" or "unlimited")) throw new Ec2FaultException("InvalidParameterValue", $"Invalid value '{credits}' for CreditSpecification.CpuCredits.");
        }

        var nic = form.Parts("NetworkInterface") is [var first, ..] ? first : null;
        var subnet = Subnet(form["SubnetId"] ?? nic?["SubnetId"], form["Placement.AvailabilityZone"], type);
        var groups = form.List("SecurityGroupId") is { Count: > 0 } given ? given : nic?.List("SecurityGroupId") is { Count: > 0 } ofNic ? ofNic : [cloud.Groups[0].Id];
        foreach (var group in groups) cloud.Group(group);
        if (form["Placement.GroupName"] is { } placement && !cloud.PlacementGroups.Exists(p => p.Name == placement))
            throw new Ec2FaultException("InvalidPlacementGroup.Unknown", $"The Placement Group '{placement}' is unknown.");
        var market = form["InstanceMarketOptions.MarketType"] ?? "on-demand";
        CheckLimit(type, market, most);
        var count = Math.Min(cloud.Faults.Capacity(type.Name, subnet.Zone, market, most), subnet.Available);
        if (count < least) throw Ec2FaultException.Capacity(type.Name, subnet.Zone, market);

        var reservation = cloud.NewId("r");
        var instances = new List<EmulatedInstance>(count);
        for (var index = 0; index < count; index++) instances.Add(One(call, form, type, image, subnet, groups, market, reservation, index));
        cloud.Instances.AddRange(instances);
        return instances;
    }

    private EmulatedInstance One(
        QueryForm call, QueryForm form, EmulatedInstanceType type, EmulatedImage image, EmulatedSubnet subnet, IReadOnlyList<string> groups, string market, string reservation, int index)
    {
        var now = cloud.Now;
        var address = subnet.NextAddress();
        var instance = new EmulatedInstance
        {
            Id = cloud.NewId("i"), ReservationId = reservation, Type = type, ImageId = image.Id, Subnet = subnet, PrivateAddress = address,
            PublicAddress = form.Parts("NetworkInterface") is [var nic, ..] && nic["AssociatePublicIpAddress"] == "false" || cloud.Options.Guests is not null ? null : "3.248" + address[6..],
            ClientToken = call["ClientToken"], KeyName = form["KeyName"], GroupIds = groups, UserData = form["UserData"], Market = market,
            PlacementGroup = form["Placement.GroupName"], ShutdownBehavior = form["InstanceInitiatedShutdownBehavior"] ?? "stop",
            HttpTokens = form["MetadataOptions.HttpTokens"] ?? "optional", CanHibernate = form.Bool("HibernationOptions.Configured"), LaunchIndex = index,
            LaunchTime = now, ListedFrom = now + cloud.Options.DescribeLag, Tags = form.TagsFor("instance"), RootDevice = image.RootDevice,
            IsProtected = form.Bool("DisableApiTermination"), CpuCredits = type.IsBurstable ? form["CreditSpecification.CpuCredits"] ?? (type.Name.StartsWith("t2.", StringComparison.Ordinal) ? "standard" : "unlimited") : null,
        };
        foreach (var (key, value) in call.TagsFor("instance")) instance.Tags[key] = value;
        instance.Change("pending", "running", now + cloud.Options.StateChange);
        var devices = form.Parts("BlockDeviceMapping");
        var root = devices.FirstOrDefault(d => d["DeviceName"] == image.RootDevice);
        AddVolume(instance, image.RootDevice, root, image.SizeGiB, image.SnapshotId, form);
        foreach (var device in devices.Where(d => d["DeviceName"] != image.RootDevice && d.Int("Ebs.VolumeSize") is not null))
            AddVolume(instance, device.Required("DeviceName"), device, 0, device["Ebs.SnapshotId"], form);
        return instance;
    }

    private void AddVolume(EmulatedInstance instance, string device, QueryForm? spec, int size, string? snapshot, QueryForm form)
    {
        var asked = spec?.Int("Ebs.VolumeSize") ?? size;
        if (asked < size) throw new Ec2FaultException("InvalidBlockDeviceMapping", $"Volume of size {asked}GB is smaller than snapshot '{snapshot}', expect size>= {size}GB");
        var volume = new EmulatedVolume
        {
            Id = cloud.NewId("vol"), SizeGiB = asked, Zone = instance.Subnet.Zone, Type = spec?["Ebs.VolumeType"] ?? "gp2", Encrypted = spec?.Bool("Ebs.Encrypted") ?? false,
            SnapshotId = snapshot, CreatedAt = cloud.Now, InstanceId = instance.Id, Device = device,
            DeleteOnTermination = spec?["Ebs.DeleteOnTermination"] is null || spec.Bool("Ebs.DeleteOnTermination"), Tags = form.TagsFor("volume"),
        };
        cloud.Volumes.Add(volume);
        instance.Volumes.Add(volume);
    }

    private EmulatedSubnet Subnet(string? id, string? zone, EmulatedInstanceType type)
    {
        var subnet = id is not null
            ? cloud.Subnets.FirstOrDefault(s => s.Id == id) ?? throw new Ec2FaultException("InvalidSubnetID.NotFound", $"The subnet ID '{id}' does not exist")
            : cloud.Subnets.FirstOrDefault(s => zone is null ? type.IsIn(s.Zone) : s.Zone == zone)
              ?? throw new Ec2FaultException("InvalidParameterValue", $"Invalid availability zone: [{zone}]");
        return !type.IsIn(subnet.Zone)
            ? throw new Ec2FaultException("Unsupported", $"Your requested instance type ({type.Name}) is not supported in your requested Availability Zone ({subnet.Zone}).")
            : subnet;
    }

    private void CheckLimit(EmulatedInstanceType type, string market, int count)
    {
        var used = cloud.Instances.Where(i => i.Market == market && i.State(cloud.Now) is "pending" or "running").Sum(i => i.Type.VCpu);
        if (used + (type.VCpu * count) <= cloud.Options.VCpuLimit) return;
        throw market == "spot"
            ? new Ec2FaultException("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
            : new Ec2FaultException("VcpuLimitExceeded", $"You have requested more vCPU capacity than your current vCPU limit of {cloud.Options.VCpuLimit} allows for the instance bucket that the specified instance type belongs to.");
    }

    private QueryForm WithTemplate(QueryForm form)
    {
        if (form["LaunchTemplate.LaunchTemplateId"] is null && form["LaunchTemplate.LaunchTemplateName"] is null) return form;
        var template = cloud.Templates.Find(t => t.Id == form["LaunchTemplate.LaunchTemplateId"] || t.Name == form["LaunchTemplate.LaunchTemplateName"])
            ?? throw new Ec2FaultException("InvalidLaunchTemplateId.NotFound", "The launch template does not exist.");
        var values = template.Form!.Part("LaunchTemplateData").All.Concat(form.All).Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}");
        return QueryForm.Parse(string.Join('&', values));
    }

    private static int UserDataLength(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64).Length;
        }
        catch (FormatException)
        {
            throw new Ec2FaultException("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
        }
    }

    private static Ec2FaultException Missing(string name) => new("MissingParameter", $"The request must contain the parameter {name}");

    private static IEnumerable<XElement?> Content(object?[] parts) => parts.OfType<XElement>();
}

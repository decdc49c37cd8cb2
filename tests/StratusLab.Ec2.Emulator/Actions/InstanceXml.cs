using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Writes instances as EC2 does.</summary>
internal static class InstanceXml
{
    public static object?[] Reservation(EmulatedCloud cloud, string reservationId, IEnumerable<EmulatedInstance> instances) =>
    [
        E("reservationId", reservationId), E("ownerId", cloud.Options.AccountId), E("groupSet"),
        Set("instancesSet", instances, instance => Instance(cloud, instance)),
    ];

    public static XElement State(string name, string state) => E(name, E("code", EmulatedInstance.Code(state)), E("name", state));

    private static object?[] Instance(EmulatedCloud cloud, EmulatedInstance instance)
    {
        var state = instance.State(cloud.Now);
        var there = !instance.IsTerminated(cloud.Now);
        var groups = instance.GroupIds.Select(cloud.Group).ToList();
        return
        [
            E("instanceId", instance.Id), E("imageId", instance.ImageId), State("instanceState", state),
            E("privateDnsName", (there ? $"ip-{instance.PrivateAddress.Replace('.', '-')}.{cloud.Options.Region}.compute.internal" : "")),
            E("dnsName", (there && instance.PublicAddress is { } a ? $"ec2-{a.Replace('.', '-')}.{cloud.Options.Region}.compute.amazonaws.com" : "")),
            instance.Reason is { } r ? E("reason", r.Message) : null,
            E("keyName", instance.KeyName), E("amiLaunchIndex", instance.LaunchIndex), E("productCodes"), E("instanceType", instance.Type.Name),
            E("launchTime", instance.LaunchTime),
            E("placement", E("availabilityZone", instance.Subnet.Zone), E("groupName", (instance.PlacementGroup ?? "")), E("tenancy", "default")),
            E("monitoring", E("state", "disabled")),
            there ? E("subnetId", instance.Subnet.Id) : null, there ? E("vpcId", instance.Subnet.VpcId) : null,
            there ? E("privateIpAddress", instance.PrivateAddress) : null, there && state == "running" ? E("ipAddress", instance.PublicAddress) : null,
            E("sourceDestCheck", true),
            Set("groupSet", there ? groups : [], group => new object?[] { E("groupId", group.Id), E("groupName", group.Name) }),
            instance.Reason is { } reason ? E("stateReason", E("code", reason.Code), E("message", reason.Message)) : null,
            E("architecture", instance.Type.Architecture), E("rootDeviceType", "ebs"), E("rootDeviceName", instance.RootDevice),
            Set("blockDeviceMapping", instance.Volumes, volume => new object?[]
            {
                E("deviceName", volume.Device),
                E("ebs", E("volumeId", volume.Id), E("status", "attached"), E("attachTime", instance.LaunchTime), E("deleteOnTermination", volume.DeleteOnTermination)),
            }),
            instance.Market == "spot" ? E("instanceLifecycle", "spot") : null, instance.Market == "spot" ? E("spotInstanceRequestId", ("sir-" + instance.Id[2..10])) : null,
            E("virtualizationType", "hvm"), E("clientToken", (instance.ClientToken ?? "")), Tags(instance.Tags), E("hypervisor", "xen"),
            Set("networkInterfaceSet", Array.Empty<int>(), _ => null), E("ebsOptimized", false), E("enaSupport", true),
            E("cpuOptions", E("coreCount", Math.Max(1, instance.Type.VCpu / 2)), E("threadsPerCore", (instance.Type.Architecture == "arm64" ? 1 : 2))),
            E("capacityReservationSpecification", E("capacityReservationPreference", "open")),
            E("hibernationOptions", E("configured", instance.CanHibernate)),
            E("metadataOptions", E("state", "applied"), E("httpTokens", instance.HttpTokens), E("httpPutResponseHopLimit", 1), E("httpEndpoint", "enabled")),
            E("platformDetails", "Linux/UNIX"), E("usageOperation", "RunInstances"),
        ];
    }
}

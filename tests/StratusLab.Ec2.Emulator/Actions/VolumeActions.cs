using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Volumes and snapshots.</summary>
internal sealed class VolumeActions(EmulatedCloud cloud)
{
    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions)
    {
        actions["DescribeVolumes"] = Describe;
        actions["CreateVolume"] = Create;
        actions["AttachVolume"] = Attach;
        actions["DetachVolume"] = Detach;
        actions["DeleteVolume"] = Delete;
        actions["DescribeSnapshots"] = DescribeSnapshots;
        actions["CreateSnapshot"] = CreateSnapshot;
        actions["DeleteSnapshot"] = DeleteSnapshot;
    }

    private IEnumerable<XElement?> Describe(QueryForm form)
    {
        var ids = form.List("VolumeId");
        var volumes = ids.Count > 0 ? ids.Select(cloud.Volume) : cloud.Volumes;
        var (page, next) = Pages.Cut(form, Filters.Apply(form, volumes.ToList(), v => v.Tags, (v, name) => name switch
        {
            "volume-id" => [v.Id],
            "status" => [v.State],
            "availability-zone" => [v.Zone],
            "attachment.instance-id" => [v.InstanceId],
            "volume-type" => [v.Type],
            _ => null,
        }));
        yield return Set("volumeSet", page, Volume);
        yield return E("nextToken", next);
    }

    private IEnumerable<XElement?> Create(QueryForm form)
    {
        var id = cloud.Earlier(form);
        if (id is null)
        {
            var zone = form.Required("AvailabilityZone");
            if (!cloud.Zones.Contains(zone)) throw new Ec2FaultException("InvalidZone.NotFound", $"The zone '{zone}' does not exist.");
            var size = form.Int("Size") ?? (form["SnapshotId"] is { } s ? Snapshot(s).SizeGiB : throw new Ec2FaultException("MissingParameter", "The request must contain the parameter size or snapshotId"));
            id = cloud.NewId("vol");
            cloud.Volumes.Add(new EmulatedVolume
            {
                Id = id, SizeGiB = size, Zone = zone, Type = form["VolumeType"] ?? "gp2", Encrypted = form.Bool("Encrypted"), SnapshotId = form["SnapshotId"], CreatedAt = cloud.Now,
                Tags = form.TagsFor("volume"),
            });
            cloud.Remember(form, id);
        }

        return Volume(cloud.Volume(id)).OfType<XElement>();
    }

    private IEnumerable<XElement?> Attach(QueryForm form)
    {
        var volume = cloud.Volume(form.Required("VolumeId"));
        var instance = cloud.Instance(form.Required("InstanceId"));
        if (volume.InstanceId is not null) throw new Ec2FaultException("VolumeInUse", $"{volume.Id} is already attached to an instance");
        if (volume.Zone != instance.Subnet.Zone) throw new Ec2FaultException("InvalidVolume.ZoneMismatch", $"The volume '{volume.Id}' is not in the same availability zone as instance '{instance.Id}'");
        (volume.InstanceId, volume.Device) = (instance.Id, form.Required("Device"));
        instance.Volumes.Add(volume);
        return Attachment(volume, instance.Id, "attached").OfType<XElement>();
    }

    private IEnumerable<XElement?> Detach(QueryForm form)
    {
        var volume = cloud.Volume(form.Required("VolumeId"));
        if (volume.InstanceId is not { } id) throw new Ec2FaultException("IncorrectState", $"Volume '{volume.Id}' is in the 'available' state.");
        cloud.Instance(id).Volumes.Remove(volume);
        volume.InstanceId = null;
        return Attachment(volume, id, "detaching").OfType<XElement>();
    }

    private IEnumerable<XElement?> Delete(QueryForm form)
    {
        var volume = cloud.Volume(form.Required("VolumeId"));
        if (volume.InstanceId is not null) throw new Ec2FaultException("VolumeInUse", $"Volume {volume.Id} is currently attached to {volume.InstanceId}");
        cloud.Volumes.Remove(volume);
        yield return Done();
    }

    private IEnumerable<XElement?> DescribeSnapshots(QueryForm form)
    {
        var ids = form.List("SnapshotId");
        var snapshots = ids.Count > 0 ? ids.Select(Snapshot) : cloud.Snapshots;
        var (page, next) = Pages.Cut(form, Filters.Apply(form, snapshots.ToList(), s => s.Tags, (s, name) => name switch
        {
            "snapshot-id" => [s.Id],
            "status" => ["completed"],
            "volume-id" => [s.VolumeId],
            "description" => [s.Description],
            _ => null,
        }));
        yield return Set("snapshotSet", page, Snapshot);
        yield return E("nextToken", next);
    }

    private IEnumerable<XElement?> CreateSnapshot(QueryForm form)
    {
        var volume = cloud.Volume(form.Required("VolumeId"));
        var snapshot = new EmulatedSnapshot
        {
            Id = cloud.NewId("snap"), VolumeId = volume.Id, SizeGiB = volume.SizeGiB, Encrypted = volume.Encrypted, Description = form["Description"], StartedAt = cloud.Now,
            Tags = form.TagsFor("snapshot"),
        };
        cloud.Snapshots.Add(snapshot);
        return Snapshot(snapshot).OfType<XElement>();
    }

    private IEnumerable<XElement?> DeleteSnapshot(QueryForm form)
    {
        var snapshot = Snapshot(form.Required("SnapshotId"));
        if (cloud.Images.Find(i => i.SnapshotId == snapshot.Id) is { } image)
            throw new Ec2FaultException("InvalidSnapshot.InUse", $"The snapshot {snapshot.Id} is currently in use by {image.Id}");
        cloud.Snapshots.Remove(snapshot);
        yield return Done();
    }

    private EmulatedSnapshot Snapshot(string id) =>
        cloud.Snapshots.Find(s => s.Id == id) ?? throw new Ec2FaultException("InvalidSnapshot.NotFound", $"The snapshot '{id}' does not exist.");

    private object?[] Snapshot(EmulatedSnapshot s) =>
    [
        E("snapshotId", s.Id), E("volumeId", s.VolumeId), E("status", "completed"), E("startTime", s.StartedAt), E("progress", "100%"), E("ownerId", cloud.Options.AccountId),
        E("volumeSize", s.SizeGiB), E("description", s.Description ?? ""), E("encrypted", s.Encrypted), Tags(s.Tags),
    ];

    private static object?[] Volume(EmulatedVolume v) =>
    [
        E("volumeId", v.Id), E("size", v.SizeGiB), E("snapshotId", v.SnapshotId ?? ""), E("availabilityZone", v.Zone), E("status", v.State), E("createTime", v.CreatedAt),
        Set("attachmentSet", v.InstanceId is { } id ? [id] : Array.Empty<string>(), i => Attachment(v, i, "attached")), Tags(v.Tags), E("volumeType", v.Type), E("encrypted", v.Encrypted),
    ];

    private static object?[] Attachment(EmulatedVolume v, string instanceId, string state) =>
    [
        E("volumeId", v.Id), E("instanceId", instanceId), E("device", v.Device), E("status", state), E("attachTime", v.CreatedAt), E("deleteOnTermination", v.DeleteOnTermination),
    ];
}

using System.Globalization;
using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Machine images.</summary>
internal sealed class ImageActions(EmulatedCloud cloud)
{
    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions)
    {
        actions["DescribeImages"] = Describe;
        actions["RegisterImage"] = Register;
        actions["DeregisterImage"] = Deregister;
        actions["CopyImage"] = Copy;
        actions["ModifyImageAttribute"] = Modify;
    }

    private IEnumerable<XElement?> Describe(QueryForm form)
    {
        var ids = form.List("ImageId");
        var owners = form.List("Owner");
        foreach (var id in ids) Image(id);
        var images = cloud.Images.Where(i =>
            (ids.Count == 0 || ids.Contains(i.Id)) && (owners.Count == 0 || owners.Contains(i.OwnerId) || (owners.Contains("self") && i.OwnerId == cloud.Options.AccountId)));
        var matching = Filters.Apply(form, images.ToList(), i => i.Tags, (i, name) => name switch
        {
            "image-id" => [i.Id],
            "name" => [i.Name],
            "architecture" => [i.Architecture],
            "owner-id" => [i.OwnerId],
            "state" => [i.State],
            "is-public" => [i.IsPublic ? "true" : "false"],
            "root-device-type" => ["ebs"],
            "virtualization-type" => ["hvm"],
            _ => null,
        });
        yield return Set("imagesSet", matching, i => new object?[]
        {
            E("imageId", i.Id), E("imageLocation", $"{i.OwnerId}/{i.Name}"), E("imageState", i.State), E("imageOwnerId", i.OwnerId), E("isPublic", i.IsPublic),
            E("architecture", i.Architecture), E("imageType", "machine"), E("name", i.Name), E("description", i.Description), E("rootDeviceType", "ebs"), E("rootDeviceName", i.RootDevice),
            Set("blockDeviceMapping", [i], d => new object?[]
            {
                E("deviceName", d.RootDevice),
                E("ebs", E("snapshotId", d.SnapshotId), E("volumeSize", d.SizeGiB), E("deleteOnTermination", true), E("volumeType", "gp3"), E("encrypted", false)),
            }),
            E("virtualizationType", "hvm"), Tags(i.Tags), E("hypervisor", "xen"), E("enaSupport", i.EnaSupport), E("bootMode", i.BootMode), E("imdsSupport", i.ImdsSupport),
            E("creationDate", i.CreatedAt), E("platformDetails", "Linux/UNIX"), E("usageOperation", "RunInstances"),
        });
    }

    private IEnumerable<XElement?> Register(QueryForm form)
    {
        var name = form.Required("Name");
        RequireNew(name);
        var rootName = form["RootDeviceName"] ?? "/dev/sda1";
        var root = form.Parts("BlockDeviceMapping").FirstOrDefault(d => d["DeviceName"] == rootName)
            ?? throw new Ec2FaultException("InvalidBlockDeviceMapping", $"The root device '{rootName}' is not mapped.");
        var snapshotId = root.Required("Ebs.SnapshotId");
        var snapshot = cloud.Snapshots.Find(s => s.Id == snapshotId) ?? throw new Ec2FaultException("InvalidSnapshot.NotFound", $"The snapshot '{snapshotId}' does not exist.");
        var image = new EmulatedImage
        {
            Id = cloud.NewId("ami"), Name = name, OwnerId = cloud.Options.AccountId, Description = form["Description"], Architecture = form["Architecture"] ?? "i386",
            BootMode = form["BootMode"], ImdsSupport = form["ImdsSupport"], EnaSupport = form.Bool("EnaSupport"), RootDevice = rootName, SnapshotId = snapshotId, SizeGiB = root.Int("Ebs.VolumeSize") ?? snapshot.SizeGiB, CreatedAt = cloud.Now,
            Tags = form.TagsFor("image"),
        };
        cloud.Images.Add(image);
        yield return E("imageId", image.Id);
    }

    private IEnumerable<XElement?> Deregister(QueryForm form)
    {
        var image = Image(form.Required("ImageId"));
        if (image.OwnerId != cloud.Options.AccountId) throw new Ec2FaultException("AuthFailure", $"Not authorized for image:{image.Id}", System.Net.HttpStatusCode.Forbidden);
        cloud.Images.Remove(image);
        yield return Done();
    }

    private IEnumerable<XElement?> Copy(QueryForm form)
    {
        var id = cloud.Earlier(form);
        if (id is null)
        {
            // Of another region nothing is known here: any image there is taken to be like Debian's.
            var source = cloud.Images.Find(i => i.Id == form.Required("SourceImageId"));
            RequireNew(form.Required("Name"));
            var snapshot = new EmulatedSnapshot { Id = cloud.NewId("snap"), SizeGiB = source?.SizeGiB ?? 8, StartedAt = cloud.Now, Description = string.Create(CultureInfo.InvariantCulture, $"Copied from {form["SourceImageId"]}") };
            cloud.Snapshots.Add(snapshot);
            var image = new EmulatedImage
            {
                Id = cloud.NewId("ami"), Name = form.Required("Name"), OwnerId = cloud.Options.AccountId, Description = form["Description"], SnapshotId = snapshot.Id,
                Architecture = source?.Architecture ?? "x86_64", BootMode = source?.BootMode, SizeGiB = snapshot.SizeGiB, CreatedAt = cloud.Now,
            };
            cloud.Images.Add(image);
            id = image.Id;
            cloud.Remember(form, id);
        }

        yield return E("imageId", id);
    }

    private IEnumerable<XElement?> Modify(QueryForm form)
    {
        var image = Image(form.Required("ImageId"));
        if (form["Description.Value"] is { } description) image.Description = description;
        yield return Done();
    }

    private EmulatedImage Image(string id) =>
        cloud.Images.Find(i => i.Id == id) ?? throw new Ec2FaultException("InvalidAMIID.NotFound", $"The image id '[{id}]' does not exist");

    private void RequireNew(string name)
    {
        if (cloud.Images.Find(i => i.Name == name && i.OwnerId == cloud.Options.AccountId) is { } image)
            throw new Ec2FaultException("InvalidAMIName.Duplicate", $"AMI name {name} is already in use by AMI {image.Id}");
    }
}

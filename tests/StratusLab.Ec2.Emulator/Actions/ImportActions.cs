using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using StratusLab.Ec2.Emulator.S3;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Snapshots made of disk files.</summary>
internal sealed class ImportActions(EmulatedCloud cloud)
{
    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions)
    {
        actions["ImportSnapshot"] = Import;
        actions["DescribeImportSnapshotTasks"] = Describe;
        actions["CancelImportTask"] = Cancel;
    }

    private IEnumerable<XElement?> Import(QueryForm form)
    {
        var id = cloud.Earlier(form);
        if (id is null)
        {
            var format = form.Required("DiskContainer.Format").ToUpperInvariant();
            if (format is not ("VMDK" or "VHD" or "RAW" or "VHDX")) throw new Ec2FaultException("InvalidParameterValue", $"The format '{format}' is not supported.");
            id = cloud.NewId("import-snap");
            if (!cloud.Options.HasImportRole) throw new Ec2FaultException("InvalidParameter", "The service role vmimport provided does not exist or does not have sufficient permissions");
            var key = form.Required("DiskContainer.UserBucket.S3Key");
            var disk = DiskFile.Read(cloud.Store, form.Required("DiskContainer.UserBucket.S3Bucket"), key, format);
            cloud.Imports.Add(new EmulatedImport
            {
                Id = id, Bucket = form.Required("DiskContainer.UserBucket.S3Bucket"), Key = key, Format = format,
                Description = form["Description"] ?? form["DiskContainer.Description"], StartedAt = cloud.Now, DoneAt = cloud.Now + cloud.Options.ImportTime,
                Tags = form.TagsFor("import-snapshot-task"),
                Error = disk.Error, SizeGiB = disk.SizeGiB, FileLength = disk.Length,
            });
            cloud.Remember(form, id);
        }

        var task = cloud.Imports.Find(i => i.Id == id)!;
        yield return E("importTaskId", id);
        yield return E("description", task.Description);
        yield return Detail(task);
        yield return Tags(task.Tags);
    }

    private IEnumerable<XElement?> Describe(QueryForm form)
    {
        var ids = form.List("ImportTaskId");
        foreach (var id in ids.Where(id => !cloud.Imports.Exists(i => i.Id == id))) throw new Ec2FaultException("InvalidConversionTaskId", $"The import task id '{id}' does not exist.");
        var tasks = cloud.Imports.Where(i => ids.Count == 0 || ids.Contains(i.Id));
        var (page, next) = Pages.Cut(form, Filters.Apply(form, tasks.ToList(), i => i.Tags, (i, name) => name == "task-state" ? [Status(i)] : null), smallest: 1);
        yield return Set("importSnapshotTaskSet", page, i => new object?[] { E("importTaskId", i.Id), E("description", i.Description), Detail(i), Tags(i.Tags) });
        yield return E("nextToken", next);
    }

    private IEnumerable<XElement?> Cancel(QueryForm form)
    {
        var task = cloud.Imports.Find(i => i.Id == form.Required("ImportTaskId")) ?? throw new Ec2FaultException("InvalidConversionTaskId", "The import task id does not exist.");
        task.IsCancelled = task.SnapshotId is null;
        yield return E("importTaskId", task.Id);
        yield return E("state", Status(task));
    }

    private string Status(EmulatedImport task)
    {
        if (task.IsCancelled) return "deleted";
        if (cloud.Now < task.DoneAt) return "active";
        if (task.Error is not null) return "deleted";
        if (task.SnapshotId is null)
        {
            task.SnapshotId = cloud.NewId("snap");
            cloud.Snapshots.Add(new EmulatedSnapshot
            {
                Id = task.SnapshotId, SizeGiB = task.SizeGiB, StartedAt = cloud.Now, Description = $"Created by AWS-VMImport service for {task.Id}", Tags = new(StringComparer.Ordinal),
            });
        }

        return "completed";
    }

    private XElement Detail(EmulatedImport task)
    {
        var status = Status(task);
        var share = task.DoneAt == task.StartedAt ? 99 : (int)Math.Clamp(100 * (cloud.Now - task.StartedAt) / (task.DoneAt - task.StartedAt), 0, 99);
        return E(
            "snapshotTaskDetail",
            E("diskImageSize", task.FileLength), E("format", task.Format), status == "active" ? E("progress", share.ToString(System.Globalization.CultureInfo.InvariantCulture)) : null,
            E("snapshotId", task.SnapshotId), E("status", status), E("statusMessage", status == "active" ? "converting" : status == "deleted" ? task.Error ?? "cancelled" : null),
            E("userBucket", E("s3Bucket", task.Bucket), E("s3Key", task.Key)));
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Images;
using StratusLab.Ec2.Client.Operations.Tags;
using StratusLab.Ec2.Storage;

namespace StratusLab.Ec2.Images;

/// <summary>Has EC2 make a snapshot of a disk that lies in the bucket ("VM Import/Export user guide", importing a disk as a snapshot).</summary>
internal sealed class SnapshotImport(HostDefinition host, IEc2Client ec2, MachineImages images, JournalledCalls calls, TimeProvider clock)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Goes on with an import of the disk that another process began, or that had ended when it was killed.</summary>
    /// <returns>The snapshot; null if there is none.</returns>
    /// <exception cref="StratusException"><c>Ec2ImportFailed</c>.</exception>
    public async Task<string?> ContinueAsync(ImageDescriptor image, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var task in await TasksAsync(image, cancellationToken).ConfigureAwait(false))
        {
            if (task.Status == "active") return await FinishAsync(image, task, progress, cancellationToken).ConfigureAwait(false);
            if (task is { Status: "completed", SnapshotId: { } done } && await images.HasSnapshotAsync(done, cancellationToken).ConfigureAwait(false)) return await TagAsync(image, done, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>Imports the disk. The same disk asked for twice, by whichever process, is one import.</summary>
    /// <exception cref="StratusException"><c>Ec2ImportRoleMissing</c>, <c>Ec2ImportFailed</c>.</exception>
    public async Task<string> RunAsync(ImageDescriptor image, UploadedDisk disk, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        // Another process may have begun since, and may have deleted the upload already.
        if (await ContinueAsync(image, progress, cancellationToken).ConfigureAwait(false) is { } continued) return continued;

        // EC2 knows a token for long: a new attempt after one that failed needs another.
        var earlier = (await TasksAsync(image, cancellationToken).ConfigureAwait(false)).Count;
        var request = string.Create(CultureInfo.InvariantCulture, $"bucket={disk.Bucket} key={disk.Key} format={disk.Format} uploaded={disk.ModifiedAt.ToUniversalTime():O} earlier={earlier}");
        var token = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)));

        // Nothing but the disk is told, so that two sites that call it by two names ask for the same.
        var import = new ImportSnapshot
        {
            ClientToken = token,
            Description = image.DiskDigest,
            DiskContainer = new DiskContainer { Format = disk.Format, Bucket = disk.Bucket, Key = disk.Key },
            TagSpecifications = [new TagSpecification { ResourceType = "import-snapshot-task", Tags = new Dictionary<string, string>(StringComparer.Ordinal) { [ImageTags.DiskDigest] = image.DiskDigest } }],
        };
        ImportSnapshotTask task;
        try
        {
            task = await calls.RunAsync("ImportSnapshot", token, request, image.DiskDigest, () => ec2.SendAsync(import, cancellationToken), made => made.ImportTaskId, cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (e.HostMessage?.Contains("vmimport", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw ImageErrors.ImportRole(host, e);
        }

        return await FinishAsync(image, task, progress, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> FinishAsync(ImageDescriptor image, ImportSnapshotTask task, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        var total = new ByteSize(image.DiskLength);
        for (var pause = FirstLook; task.Status is null or "active" or "deleting"; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var percent = double.TryParse(task.Progress, NumberStyles.Float, CultureInfo.InvariantCulture, out var known) ? Math.Clamp(known, 0, 99) : 0;
            progress?.Report(new TransferProgress(host.Name, $"{image} import", new ByteSize((long)(total.Bytes * percent / 100)), total));
            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
            await foreach (var now in ec2.ListAsync(new DescribeImportSnapshotTasks { ImportTaskIds = [task.ImportTaskId] }, cancellationToken).ConfigureAwait(false)) task = now;
        }

        return task is { Status: "completed", SnapshotId: { Length: > 0 } snapshot }
            ? await TagAsync(image, snapshot, cancellationToken).ConfigureAwait(false)
            : throw ImageErrors.ImportFailed(host, image, task.ImportTaskId, task.StatusMessage);
    }

    private async Task<string> TagAsync(ImageDescriptor image, string snapshot, CancellationToken cancellationToken)
    {
        await ec2.SendAsync(new CreateTags { ResourceIds = [snapshot], Tags = ImageTags.OfDisk(image) }, cancellationToken).ConfigureAwait(false);
        return snapshot;
    }

    private async Task<IReadOnlyList<ImportSnapshotTask>> TasksAsync(ImageDescriptor image, CancellationToken cancellationToken)
    {
        var found = new List<ImportSnapshotTask>();
        await foreach (var task in ec2.ListAsync(new DescribeImportSnapshotTasks(), cancellationToken).ConfigureAwait(false))
        {
            if (task.Tags.GetValueOrDefault(ImageTags.DiskDigest) == image.DiskDigest) found.Add(task);
        }

        return found;
    }
}

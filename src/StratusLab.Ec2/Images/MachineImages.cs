using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Images;
using StratusLab.Ec2.Client.Operations.Volumes;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Images;

/// <summary>Finds the account's machine images and snapshots that were made of images.</summary>
internal sealed class MachineImages(IEc2Client ec2)
{
    /// <summary>The name of the machine image made from an image. EC2 refuses one that is taken, so that there is never a second.</summary>
    public static string Name(ImageDescriptor image) => $"stratuslab-{image.Digest["sha256:".Length..]}";

    /// <summary>The machine image made from an image, whatever its state; null if there is none. One that was not tagged yet is found by its name.</summary>
    public async Task<Image?> FindAsync(ImageDescriptor image, CancellationToken cancellationToken)
    {
        var tagged = await SearchAsync("tag:" + VmTags.ImageDigest, image.Digest, cancellationToken).ConfigureAwait(false);
        var found = tagged.Count > 0 ? tagged : await SearchAsync("name", Name(image), cancellationToken).ConfigureAwait(false);
        return found.Where(i => i.State != ImageState.Deregistered)
            .OrderBy(i => i.State != ImageState.Available).ThenBy(i => i.CreationDate, StringComparer.Ordinal).ThenBy(i => i.ImageId, StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>The machine images that were made of a disk.</summary>
    public Task<IReadOnlyList<Image>> OfDiskAsync(string diskDigest, CancellationToken cancellationToken) => SearchAsync("tag:" + ImageTags.DiskDigest, diskDigest, cancellationToken);

    /// <summary>All machine images that were made of images.</summary>
    public Task<IReadOnlyList<Image>> AllAsync(CancellationToken cancellationToken) => SearchAsync("tag-key", ImageTags.DiskDigest, cancellationToken);

    /// <summary>The snapshots that were made of a disk and are complete, oldest first.</summary>
    public async Task<IReadOnlyList<Snapshot>> SnapshotsAsync(string diskDigest, CancellationToken cancellationToken)
    {
        var found = new List<Snapshot>();
        var describe = new DescribeSnapshots { Owners = ["self"], Filters = [new Filter { Name = "tag:" + ImageTags.DiskDigest, Values = [diskDigest] }] };
        await foreach (var snapshot in ec2.ListAsync(describe, cancellationToken).ConfigureAwait(false))
        {
            if (snapshot.State == SnapshotState.Completed) found.Add(snapshot);
        }

        return [.. found.OrderBy(s => s.StartTime).ThenBy(s => s.SnapshotId, StringComparer.Ordinal)];
    }

    /// <summary>Whether a snapshot exists.</summary>
    public async Task<bool> HasSnapshotAsync(string snapshotId, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in ec2.ListAsync(new DescribeSnapshots { SnapshotIds = [snapshotId] }, cancellationToken).ConfigureAwait(false)) return true;
            return false;
        }
        catch (HostRefusedException e) when (Ec2ErrorCode.IsNotFound(e.Code))
        {
            return false;
        }
    }

    /// <summary>Deletes a snapshot; a success if it is gone, or if a machine image uses it.</summary>
    /// <returns>Whether it is gone.</returns>
    public async Task<bool> DeleteSnapshotAsync(string snapshotId, CancellationToken cancellationToken)
    {
        try
        {
            await ec2.SendAsync(new DeleteSnapshot { SnapshotId = snapshotId }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (HostRefusedException e) when (Ec2ErrorCode.IsNotFound(e.Code))
        {
            return true;
        }
        catch (HostRefusedException e) when (Ec2ErrorCode.IsState(e.Code))
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<Image>> SearchAsync(string filter, string value, CancellationToken cancellationToken) =>
        await ec2.SendAsync(new DescribeImages { Owners = ["self"], IncludeDeprecated = true, Filters = [new Filter { Name = filter, Values = [value] }] }, cancellationToken).ConfigureAwait(false);
}

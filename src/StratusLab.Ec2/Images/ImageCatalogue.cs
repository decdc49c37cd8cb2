using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Images;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Images;

/// <summary>The region's machine images as the images of a host, all that were made of one disk together.</summary>
internal sealed class ImageCatalogue(HostDefinition host, IEc2Client ec2, MachineImages images)
{
    private readonly ImageUses _uses = new(ec2);

    /// <summary>All images.</summary>
    public async Task<IReadOnlyList<HostImage>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAsync(cancellationToken).ConfigureAwait(false)).Select(found => found.Image)];

    /// <summary>Removes a disk's machine images and their snapshots.</summary>
    /// <exception cref="StratusException"><c>ImageInUse</c>.</exception>
    public async Task RemoveAsync(string diskDigest, CancellationToken cancellationToken)
    {
        var found = await images.OfDiskAsync(diskDigest, cancellationToken).ConfigureAwait(false);
        var count = (await _uses.CountAsync(found, cancellationToken).ConfigureAwait(false)).Values.Sum(use => use.Count);
        if (count > 0) throw ImageErrors.InUse(host, diskDigest, count);

        // Looked for before as well: an image that is deregistered no longer names its snapshots, should they not be tagged.
        var snapshots = found.SelectMany(i => i.BlockDevices).Select(d => d.Ebs?.SnapshotId).OfType<string>()
            .Concat((await images.SnapshotsAsync(diskDigest, cancellationToken).ConfigureAwait(false)).Select(s => s.SnapshotId)).ToHashSet(StringComparer.Ordinal);
        foreach (var image in found) await DeregisterAsync(image.ImageId, cancellationToken).ConfigureAwait(false);
        foreach (var snapshot in snapshots) await images.DeleteSnapshotAsync(snapshot, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes room for an image within the host's limit: what was used least recently goes first, and nothing that is in use.</summary>
    /// <exception cref="StratusException"><c>ImageCacheFull</c>; nothing is removed in vain.</exception>
    public async Task MakeRoomAsync(ImageDescriptor image, CancellationToken cancellationToken)
    {
        if (host.ImageCacheLimit is not { } limit) return;
        var all = (await ReadAsync(cancellationToken).ConfigureAwait(false)).Where(found => found.Image.DiskDigest != image.DiskDigest).ToList();
        var excess = all.Sum(found => found.Image.Length.Bytes) + image.DiskLength - limit.Bytes;
        if (excess <= 0) return;
        var idle = all.Where(found => found.Image.UseCount == 0).OrderBy(found => ImageUses.Latest(found.MadeAt, found.Image.LastUsedAt)).ToList();
        if (idle.Sum(found => found.Image.Length.Bytes) < excess) throw ImageErrors.CacheFull(host, image, limit, all.Count - idle.Count);
        foreach (var found in idle)
        {
            if (excess <= 0) return;
            await RemoveAsync(found.Image.DiskDigest, cancellationToken).ConfigureAwait(false);
            excess -= found.Image.Length.Bytes;
        }
    }

    private async Task<List<(HostImage Image, DateTimeOffset? MadeAt)>> ReadAsync(CancellationToken cancellationToken)
    {
        var all = await images.AllAsync(cancellationToken).ConfigureAwait(false);
        var uses = await _uses.CountAsync(all, cancellationToken).ConfigureAwait(false);
        return
        [
            .. all.GroupBy(image => image.Tags[ImageTags.DiskDigest], StringComparer.Ordinal).Select(same => (
                new HostImage(host.Name, same.Key, same.Max(ImageTags.Length), WasSent: false)
                {
                    UseCount = same.Sum(image => uses[image.ImageId].Count),
                    LastUsedAt = same.Max(image => uses[image.ImageId].LastAt),
                    IsUsable = same.Any(image => image.State == ImageState.Available),
                },
                same.Max(image => NativeImages.Time(image.CreationDate)))),
        ];
    }

    private async Task DeregisterAsync(string imageId, CancellationToken cancellationToken)
    {
        try
        {
            await ec2.SendAsync(new DeregisterImage { ImageId = imageId }, cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (Ec2ErrorCode.IsNotFound(e.Code))
        {
            // Another process was faster.
        }
    }
}

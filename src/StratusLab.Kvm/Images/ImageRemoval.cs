using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Removes an image's disk from a host, unless some volume is an overlay of it.</summary>
internal static class ImageRemoval
{
    public static async Task RemoveAsync(HostConnection host, LibvirtConnection connection, ImageNames names, CancellationToken cancellationToken)
    {
        var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
        var volumes = await connection.Volumes.ListAsync(pool.Ref, cancellationToken).ConfigureAwait(false);
        var bases = volumes.Select(v => v.Name).Where(v => ImageNames.FromBase(v)?.Digest == names.Digest).ToList();
        var marks = volumes.Select(v => v.Name).Where(v => ImageNames.FromMark(v)?.Digest == names.Digest).ToList();
        var paths = bases.Select(pool.PathOf).ToHashSet(StringComparer.Ordinal);
        var backing = await Task.WhenAll(volumes.Where(v => ImageNames.FromMark(v.Name) is null).Select(v => BackingPathAsync(connection, v, cancellationToken))).ConfigureAwait(false);
        var users = backing.Count(p => p is not null && paths.Contains(p));
        if (users > 0)
        {
            throw new StratusException(
                "ImageInUse", StratusErrorKind.InvalidState, $"{users} disks on host '{host.Definition.Name}' are made from image disk {names.Digest}. Remove those VMs first.") { Resource = names.Digest };
        }

        // The marks first: without them nobody builds on the disk any more.
        foreach (var volume in marks.Concat(bases)) await VolumeRemoval.DeleteAsync(connection, pool.Ref, volume, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string?> BackingPathAsync(LibvirtConnection connection, StorageVolumeRef volume, CancellationToken cancellationToken)
    {
        try
        {
            return VolumeXml.BackingPath(await connection.Volumes.GetXmlAsync(volume, cancellationToken).ConfigureAwait(false));
        }
        catch (LibvirtServerException)
        {
            // Removed since it was listed, or not a disk.
            return null;
        }
    }
}

using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Takes generations of images out of use, and removes them when nothing is an overlay of them.</summary>
/// <remarks>
/// Who makes a VM makes its overlay first and sees then whether the image may still be built on; here it is retired first, and then
/// looked for overlays. So either the one sees that the image is gone, or the other that it is in use. The note of retirement is removed
/// before the disk is, by one only: of two who clean up at once, and of one who is late, nobody removes a disk that was sent anew.
/// </remarks>
internal static class ImageRetirement
{
    /// <summary>From now on nobody builds on this generation.</summary>
    public static async Task RetireAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        await MakeNoteAsync(connection, pool, image.Names.Retired, cancellationToken).ConfigureAwait(false);
        foreach (var mark in image.Marks) await VolumeRemoval.DeleteAsync(connection, pool.Ref, mark.Volume, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes what is retired and no overlay uses.</summary>
    public static async Task SweepAsync(LibvirtConnection connection, VolumePool pool, CancellationToken cancellationToken)
    {
        var images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        foreach (var image in images.Bases.Where(image => image.IsRetired)) await ClearAsync(connection, pool, image, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a generation out of use, and removes it unless an overlay uses it.</summary>
    public static async Task RemoveAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        await RetireAsync(connection, pool, image, cancellationToken).ConfigureAwait(false);
        await ClearAsync(connection, pool, image, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes all generations of a disk out of use, and removes those that no overlay uses, with all that is noted about it.</summary>
    public static async Task RemoveAsync(LibvirtConnection connection, VolumePool pool, ImageNames names, CancellationToken cancellationToken)
    {
        var images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        foreach (var image in images.Of(names)) await RetireAsync(connection, pool, image, cancellationToken).ConfigureAwait(false);
        images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        foreach (var image in images.Of(names).Where(image => image.IsRetired)) await ClearAsync(connection, pool, image, cancellationToken).ConfigureAwait(false);
        images = await PoolImages.ReadAsync(connection, pool, cancellationToken).ConfigureAwait(false);
        if (images.Of(names).Any()) return;
        foreach (var note in images.NotesOn(names)) await VolumeRemoval.DeleteAsync(connection, pool.Ref, note, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes an empty volume that says something by its name. That it is there is a success.</summary>
    public static async Task MakeNoteAsync(LibvirtConnection connection, VolumePool pool, string name, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Volumes.CreateAsync(pool.Ref, VolumeXml.Raw(name, 0, NoteMode), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.StorageVolExist)
        {
            // Another has made it.
        }
        catch (LibvirtServerException e) when (e.Message.Contains("already exists", StringComparison.Ordinal))
        {
            // Another host that shares the folder has made it.
            await ImageUses.RefreshAsync(connection, pool.Ref, cancellationToken).ConfigureAwait(false);
        }
    }

    private const string NoteMode = "0444";

    private static async Task ClearAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken)
    {
        if (await IsUsedAsync(connection, pool, image, cancellationToken).ConfigureAwait(false)) return;
        if (!await VolumeRemoval.DeleteAsync(connection, pool.Ref, image.Names.Retired, cancellationToken).ConfigureAwait(false)) return;

        // Seen again now that it is this one's to remove: the first look may have been at a generation of the same name that is gone.
        if (await IsUsedAsync(connection, pool, image, cancellationToken).ConfigureAwait(false)) await MakeNoteAsync(connection, pool, image.Names.Retired, cancellationToken).ConfigureAwait(false);
        else await VolumeRemoval.DeleteAsync(connection, pool.Ref, image.Volume, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> IsUsedAsync(LibvirtConnection connection, VolumePool pool, ImageBase image, CancellationToken cancellationToken) =>
        (await ImageUses.CountAfreshAsync(connection, pool.Ref, cancellationToken).ConfigureAwait(false)).ContainsKey(image.Names);
}

using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Looks at the disk of an image that somebody else made, before anything of it is kept: it obeys the rules for those that are published here.</summary>
internal sealed class DiskInspection(OciLayout layout, ImageArtifact image)
{
    /// <summary>Checks the disk, and unpacks it where it is compressed.</summary>
    /// <exception cref="InvalidInputException">It is no disk that could boot, or not the one that the image speaks of.</exception>
    public async Task<IReadOnlyList<OciStagedBlob>> RunAsync(IReadOnlyList<OciStagedBlob> contents, CancellationToken cancellationToken)
    {
        if (image.IsReference) return [];
        var come = contents.FirstOrDefault(c => c.Descriptor.Digest == image.Disk.Digest);
        var stored = come?.OpenRead() ?? layout.OpenBlob(image.Disk.Digest);
        await using (stored.ConfigureAwait(false))
        {
            if (!image.IsCompressed)
            {
                await CheckAsync(stored, cancellationToken).ConfigureAwait(false);
                return [];
            }

            var plain = await DiskCompression.UnpackAsync(layout, stored, image.Image.DiskSize.Bytes, null, cancellationToken).ConfigureAwait(false);
            try
            {
                if (plain.Descriptor.Digest.ToString() != image.Image.DiskDigest) throw DiskFile.Bad("what it unpacks to does not have the digest that the image gives");
                var content = plain.OpenRead();
                await using (content.ConfigureAwait(false))
                {
                    await CheckAsync(content, cancellationToken).ConfigureAwait(false);
                }

                return [plain];
            }
            catch
            {
                plain.Dispose();
                throw;
            }
        }
    }

    /// <summary>Sees to it that the disk in the layout is what it should be, also where another tool put it there. One that is not there is passed over.</summary>
    /// <param name="again">Read it in any case.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Whether the layout has it.</returns>
    /// <exception cref="OciException">It is not.</exception>
    public async Task<bool> VerifyAsync(bool again, CancellationToken cancellationToken)
    {
        if (image.IsReference) return false;
        try
        {
            var isThere = await layout.VerifyAsync(OciDigest.Parse(image.Image.DiskDigest), again, CheckAsync, cancellationToken).ConfigureAwait(false);
            if (isThere || !image.IsCompressed || !layout.Holds(image.Disk)) return isThere;
            foreach (var content in await RunAsync([], cancellationToken).ConfigureAwait(false))
                using (content) await layout.TakeAsync(content, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (InvalidInputException e)
        {
            throw new OciException(e.Message, e);
        }
    }

    private async Task CheckAsync(Stream content, CancellationToken cancellationToken)
    {
        var disk = await DiskFile.DetectAsync(content, image.Image.Format, cancellationToken).ConfigureAwait(false);
        if (disk.VirtualSize != image.Image.VirtualSize)
            throw DiskFile.Bad($"a guest would see {disk.VirtualSize.Bytes} bytes, and the image speaks of {image.Image.VirtualSize.Bytes}");
    }
}

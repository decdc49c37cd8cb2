using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>An image as the local store has it now, and what was said about it.</summary>
internal sealed class ImageEvidence : IDisposable
{
    private ImageEvidence(StratusImage image, bool hasDisk, IReadOnlyList<StoredStatement> statements)
    {
        Image = image;
        HasDisk = hasDisk;
        Statements = statements;
    }

    public StratusImage Image { get; }

    /// <summary>Whether the local store has the disk.</summary>
    public bool HasDisk { get; }

    public IReadOnlyList<StoredStatement> Statements { get; }

    /// <summary>Reads it, checking everything against its digest. A disk that is only on hosts is checked there.</summary>
    /// <param name="folder">The local store.</param>
    /// <param name="image">The image that is meant to be launched.</param>
    /// <param name="readDisk">Whether to read the disk even if its file has not changed.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OciException">Something is damaged or missing, or the image is not what the caller takes it for.</exception>
    public static async Task<ImageEvidence> ReadAsync(string folder, ImageDescriptor image, bool readDisk, CancellationToken cancellationToken)
    {
        var layout = await OciLayout.OpenAsync(folder, cancellationToken).ConfigureAwait(false);
        var digest = OciDigest.TryParse(image.Digest, null, out var parsed) ? parsed : throw new OciException($"'{image.Digest}' is no digest.");
        var artifact = await ImageArtifact.ReadAsync(layout, digest, cancellationToken).ConfigureAwait(false) ?? throw new OciException($"The manifest {digest} is not that of an image.");
        var stored = artifact.Image;
        if (stored.DiskDigest != image.DiskDigest) throw new OciException($"The manifest {digest} is about the disk {stored.DiskDigest}, not {image.DiskDigest}.");
        if (!HostImageValidation.AreSame(stored.HostImages, image.HostImages)) throw new OciException($"The manifest {digest} refers to other images of hosts than the caller takes it to.");
        var hasDisk = await new DiskInspection(layout, artifact).VerifyAsync(readDisk, cancellationToken).ConfigureAwait(false);
        return new ImageEvidence(stored, hasDisk, await StatementStore.ReadAsync(layout, digest, cancellationToken).ConfigureAwait(false));
    }

    public void Dispose()
    {
        foreach (var statement in Statements) statement.Signed?.Dispose();
    }
}

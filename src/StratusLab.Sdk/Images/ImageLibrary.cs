using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The site's local image store: an OCI image layout in the folder <c>images</c>.</summary>
public sealed class ImageLibrary
{
    internal ImageLibrary()
    {
    }

    /// <summary>
    /// Checks a disk file and takes it into the store, reading it once. The same content published again under the same name and version
    /// is the same image; a name and version that exist with other content are moved to the new image.
    /// </summary>
    /// <exception cref="InvalidInputException">Name, version or file are unusable (<c>InvalidImageName</c>, <c>InvalidImageFile</c>); nothing was changed.</exception>
    public Task<StratusImage> PublishAsync(
        ImagePublication publication,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The images of the store, by name and version.</summary>
    public IAsyncEnumerable<StratusImage> ListAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>One image.</summary>
    /// <param name="reference"><c>name</c> (its version <c>latest</c>, or its only one), <c>name:version</c>, or <c>sha256:</c> and the manifest digest.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="StratusException"><c>ImageNotFound</c>.</exception>
    public Task<StratusImage> GetAsync(string reference, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Removes an image from the store; its disk goes once no other image shares it.</summary>
    /// <param name="reference">As in <see cref="GetAsync"/>.</param>
    /// <param name="fromHosts">Also remove its disk from every host where no VM uses it and no other image of the store shares it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The image that was removed.</returns>
    /// <exception cref="StratusException"><c>ImageNotFound</c>; with <paramref name="fromHosts"/>, the first host that could not do it, after all were tried; then the image stays in the store.</exception>
    public Task<StratusImage> RemoveAsync(string reference, bool fromHosts = false, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The image with a way to read its disk.</summary>
    public ImageContent Open(StratusImage image) => throw new NotImplementedException();
}

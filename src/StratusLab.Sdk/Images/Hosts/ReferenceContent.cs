using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>An image that only refers to images that hosts have themselves: there is nothing to be read.</summary>
internal sealed class ReferenceContent(ImageDescriptor descriptor) : ImageContent
{
    public override ImageDescriptor Descriptor => descriptor;

    public override Task<Stream> OpenAsync(CancellationToken cancellationToken = default) => throw NoDisk(descriptor);

    public static StratusException NoDisk(ImageDescriptor image) => new(
        "ImageNotForHost",
        StratusErrorKind.NotSupported,
        $"Image {image} has no disk that could be brought to a host: it only refers to images that hosts have themselves, in {string.Join(", ", image.HostImages!.Keys.Order(StringComparer.Ordinal))}. Use a host there, or an image with a disk.") { Resource = image.ToString() };
}

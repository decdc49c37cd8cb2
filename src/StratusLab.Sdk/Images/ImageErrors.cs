using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Failures of the image store in words that say which file and what to do.</summary>
internal static class ImageErrors
{
    // ENOSPC, EDQUOT, ERROR_DISK_FULL: .NET hands them on as they are.
    private static readonly int[] DiskFull = [28, 122, unchecked((int)0x80070070)];

    public static StratusException Translate(Exception error, string what, string store) => error switch
    {
        IOException when DiskFull.Contains(error.HResult) => new StratusException(
            "ImageStoreFull",
            StratusErrorKind.NoCapacity,
            $"The disk that holds the image store '{store}' is full; nothing of '{what}' was kept. Make room, or remove images.",
            error) { Resource = what },
        UnauthorizedAccessException => new StratusException(
            "ImageAccessDenied", StratusErrorKind.PermissionDenied, $"'{what}' cannot be read or stored: {error.Message}", error) { Resource = what },
        IOException => new StratusException("ImageIoFailed", StratusErrorKind.Failed, $"'{what}' cannot be read or stored: {error.Message}", error) { Resource = what },
        _ => new StratusException(
            "ImageStoreCorrupt",
            StratusErrorKind.InvalidState,
            $"The image store '{store}' is damaged: {error.Message} It was left as it is. Move it away and publish the images again, or put a backup in its place.",
            error) { Resource = store },
    };
}

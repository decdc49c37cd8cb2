using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>VMDK files that qemu-img wrote.</summary>
internal static class VmdkFile
{
    private const int HeadLength = 64 << 10;

    /// <summary>
    /// Gives a file the content identity (<c>CID</c> in its descriptor; VMware, "Virtual Disk Format 5.0") that follows from its disk in place of one
    /// by chance, so that the same disk converted again is the same file, and opens it. It is removed when it is closed.
    /// </summary>
    public static async Task<ConvertedDisk> FinishAsync(string path, string diskDigest, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            var head = new byte[Math.Min(HeadLength, file.Length)];
            await file.ReadExactlyAsync(head, cancellationToken).ConfigureAwait(false);
            var at = head.AsSpan().IndexOf("\nCID="u8);
            if (at >= 0)
            {
                // "fffffffe" and "ffffffff" have meanings of their own.
                var identity = uint.Parse(diskDigest.AsSpan("sha256:".Length, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & 0x7fffffff;
                file.Position = at + "\nCID=".Length;
                await file.WriteAsync(Encoding.ASCII.GetBytes(identity.ToString("x8", CultureInfo.InvariantCulture)), cancellationToken).ConfigureAwait(false);
            }

            file.Position = 0;
            var digest = await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
            file.Position = 0;
            return new ConvertedDisk(file, file.Length, $"sha256:{Convert.ToHexStringLower(digest)}");
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>VMDK files that qemu-img wrote (VMware, "Virtual Disk Format 5.0").</summary>
internal static partial class VmdkFile
{
    private const int Sector = 512;
    private const int MaxDescriptor = 1 << 20;

    /// <summary>
    /// Gives a file's descriptor a content identity that follows from the disk in place of one by chance, and a file name that is always the same,
    /// so that the same disk converted again is the same file; and opens the file. It is removed when it is closed.
    /// </summary>
    public static async Task<ConvertedDisk> FinishAsync(string path, string diskDigest, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            await RewriteAsync(file, diskDigest, cancellationToken).ConfigureAwait(false);
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

    private static async Task RewriteAsync(FileStream file, string diskDigest, CancellationToken cancellationToken)
    {
        var head = new byte[Sector];
        await file.ReadExactlyAsync(head, cancellationToken).ConfigureAwait(false);
        var (offset, length) = (BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(28)) * Sector, BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(36)) * Sector);
        if (offset <= 0 || length is <= 0 or > MaxDescriptor || offset + length > file.Length) return;
        var region = new byte[length];
        file.Position = offset;
        await file.ReadExactlyAsync(region, cancellationToken).ConfigureAwait(false);

        // The highest values have meanings of their own.
        var identity = uint.Parse(diskDigest.AsSpan("sha256:".Length, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & 0x7fffffff;

        // The text ends at the first zero: qemu-img overwrites a longer one with a shorter one, and leaves the rest behind it.
        var end = region.AsSpan().IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(region, 0, end < 0 ? region.Length : end);
        text = Identity().Replace(text, string.Create(CultureInfo.InvariantCulture, $"CID={identity:x8}"), 1);
        text = Extent().Replace(text, "${extent}\"disk.vmdk\"", 1);
        var written = Encoding.UTF8.GetBytes(text);
        if (written.Length > region.Length) return;
        region.AsSpan().Clear();
        written.CopyTo(region, 0);
        file.Position = offset;
        await file.WriteAsync(region, cancellationToken).ConfigureAwait(false);
    }

    // Written without leading zeros.
    [GeneratedRegex(@"^CID=[0-9A-Fa-f]{1,8}", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Identity();

    [GeneratedRegex(@"^(?<extent>RW [0-9]+ SPARSE )""[^""\n]*""", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Extent();
}

using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>OVA files: a tar archive of an OVF descriptor, a manifest of digests and disks (DMTF DSP0243, "Open Virtualization Format").</summary>
internal static partial class OvaFile
{
    public const int MagicEnd = MagicAt + 5;
    private const int MagicAt = 257;
    private const int MaxManifest = 1 << 20;

    public static bool IsTar(ReadOnlySpan<byte> head) => head[MagicAt..MagicEnd].SequenceEqual("ustar"u8);

    /// <summary>Where in the file its one disk is. What its manifest says of the disk is checked.</summary>
    /// <exception cref="InvalidInputException">There is none, or more than one, or it is not what the manifest says.</exception>
    public static async Task<(long Offset, long Length)> FindDiskAsync(FileStream file, CancellationToken cancellationToken)
    {
        var disks = new List<(string Name, long Offset, long Length)>();
        var manifest = string.Empty;
        file.Position = 0;
        try
        {
            var reader = new TarReader(file, leaveOpen: true);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.DataStream is null) continue;
                    if (entry.Name.EndsWith(".vmdk", StringComparison.OrdinalIgnoreCase)) disks.Add((entry.Name, entry.DataOffset, entry.Length));
                    else if (entry.Name.EndsWith(".mf", StringComparison.OrdinalIgnoreCase) && entry.Length <= MaxManifest) manifest = await ReadAsync(entry.DataStream, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Bad($"the archive is damaged: {e.Message}", e);
        }

        if (disks is not [var disk])
            throw Bad(disks.Count == 0 ? "it holds no VMDK disk" : $"it holds {disks.Count} disks ({string.Join(", ", disks.Take(5).Select(d => ImageReference.Printable(d.Name)))}), and an image has one");
        await CheckAsync(file, disk, manifest, cancellationToken).ConfigureAwait(false);
        return (disk.Offset, disk.Length);
    }

    private static async Task CheckAsync(FileStream file, (string Name, long Offset, long Length) disk, string manifest, CancellationToken cancellationToken)
    {
        foreach (Match line in Line().Matches(manifest))
        {
            if (line.Groups["name"].Value != disk.Name) continue;
            using var hash = IncrementalHash.CreateHash(line.Groups["kind"].Value == "SHA512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);
            var buffer = new byte[1 << 20];
            file.Position = disk.Offset;
            for (var left = disk.Length; left > 0;)
            {
                var count = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken).ConfigureAwait(false);
                if (count == 0) throw Bad("it was cut short");
                hash.AppendData(buffer, 0, count);
                left -= count;
            }

            if (!Convert.ToHexStringLower(hash.GetHashAndReset()).Equals(line.Groups["hex"].Value, StringComparison.OrdinalIgnoreCase))
                throw Bad($"its disk '{ImageReference.Printable(disk.Name)}' does not have the digest that its manifest tells");
        }
    }

    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    private static InvalidInputException Bad(string why, Exception? cause = null) =>
        new("InvalidImageFile", $"The OVA file cannot be made an image: {why}.", "Path", cause);

    [GeneratedRegex(@"^(?<kind>SHA256|SHA512)\s*\((?<name>[^)\r\n]+)\)\s*=\s*(?<hex>[0-9A-Fa-f]+)\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Line();
}

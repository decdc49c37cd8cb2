using System.Buffers;
using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>The volumes of one image in a pool. They carry the digest, so that equal disks are kept once.</summary>
internal readonly record struct ImageNames
{
    private const string Prefix = "stratus-image-";
    private const string DigestPrefix = "sha256:";
    private const string MarkSuffix = ".ok";
    private const int DigestDigits = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string _hex;

    private ImageNames(string hex) => _hex = hex;

    /// <summary>An empty volume that is made when the base volume is complete and verified. Without it the base volume is not used.</summary>
    public string Mark => Prefix + _hex + MarkSuffix;

    /// <summary>The digest of the disk, in the form <c>sha256:…</c>.</summary>
    public string Digest => DigestPrefix + _hex;

    /// <summary>The names for a disk digest.</summary>
    /// <exception cref="InvalidInputException">It is not a SHA-256 digest.</exception>
    public static ImageNames Of(string diskDigest)
    {
        ArgumentNullException.ThrowIfNull(diskDigest);
        return diskDigest.StartsWith(DigestPrefix, StringComparison.Ordinal) && IsHex(diskDigest.AsSpan(DigestPrefix.Length))
            ? new ImageNames(diskDigest[DigestPrefix.Length..])
            : throw new InvalidInputException("InvalidDigest", "A disk digest is 'sha256:' and 64 lower-case hexadecimal digits.", "DiskDigest");
    }

    /// <summary>Reads the digest out of the name of a mark; null for any other volume.</summary>
    public static ImageNames? FromMark(string volume) =>
        volume.Length == Prefix.Length + DigestDigits + MarkSuffix.Length
        && volume.StartsWith(Prefix, StringComparison.Ordinal)
        && volume.EndsWith(MarkSuffix, StringComparison.Ordinal)
        && IsHex(volume.AsSpan(Prefix.Length, DigestDigits))
            ? new ImageNames(volume.Substring(Prefix.Length, DigestDigits))
            : null;

    /// <summary>The volume that holds the disk.</summary>
    public string Base(DiskFormat format) => Prefix + _hex + (format == DiskFormat.Qcow2 ? ".qcow2" : ".raw");

    private static bool IsHex(ReadOnlySpan<char> text) => text.Length == DigestDigits && !text.ContainsAnyExcept(HexDigits);
}

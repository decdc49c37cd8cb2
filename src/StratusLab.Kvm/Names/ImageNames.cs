using System.Buffers;
using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>The volumes of one image in a pool. They carry the digest, so that equal disks are kept once.</summary>
/// <remarks>
/// Whoever takes over from a sender that seems dead writes to volumes of the next generation: should the other live, neither disturbs the
/// other. A generation that is retired is never built on again.
/// </remarks>
internal readonly record struct ImageNames
{
    private const string Prefix = "stratus-image-";
    private const string DigestPrefix = "sha256:";
    private const string MarkSuffix = ".ok";
    private const string RetiredSuffix = ".retired";
    private const string UseSuffix = ".used";
    private const string Qcow2Suffix = ".qcow2";
    private const string RawSuffix = ".raw";
    private const char GenerationSeparator = '-';
    private const int DigestDigits = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string _hex;

    private ImageNames(string hex, int generation) => (_hex, Generation) = (hex, generation);

    /// <summary>How many were there before that are of no use any more, from 0.</summary>
    public int Generation { get; }

    /// <summary>An empty volume that says: nobody builds on this generation any more.</summary>
    public string Retired => Stem + RetiredSuffix;

    /// <summary>An empty volume that is made anew when VMs are made from the disk; its time tells when that was. All generations share it.</summary>
    public string UseRecord => Prefix + _hex + UseSuffix;

    /// <summary>The digest of the disk, in the form <c>sha256:…</c>.</summary>
    public string Digest => DigestPrefix + _hex;

    private string Stem => Generation == 0 ? Prefix + _hex : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_hex}{GenerationSeparator}{Generation}");

    /// <summary>The names for a disk digest.</summary>
    /// <exception cref="InvalidInputException">It is not a SHA-256 digest.</exception>
    public static ImageNames Of(string diskDigest)
    {
        ArgumentNullException.ThrowIfNull(diskDigest);
        return diskDigest.StartsWith(DigestPrefix, StringComparison.Ordinal) && IsHex(diskDigest.AsSpan(DigestPrefix.Length))
            ? new ImageNames(diskDigest[DigestPrefix.Length..], 0)
            : throw new InvalidInputException("InvalidDigest", "A disk digest is 'sha256:' and 64 lower-case hexadecimal digits.", "DiskDigest");
    }

    /// <summary>Reads the name of a mark; null for any other volume.</summary>
    public static ImageMark? FromMark(string volume)
    {
        if (!volume.EndsWith(MarkSuffix, StringComparison.Ordinal)) return null;
        if (Read(volume, MarkSuffix) is { } unstamped) return new ImageMark(volume, unstamped, null);
        var dot = volume.IndexOf('.', StringComparison.Ordinal);
        var suffix = volume[dot..];
        return Read(volume, suffix) is { } names && ImageStamp.Parse(suffix[1..^MarkSuffix.Length]) is { } stamp ? new ImageMark(volume, names, stamp) : null;
    }

    /// <summary>Reads the name of the volume that retires a generation; null for any other volume.</summary>
    public static ImageNames? FromRetired(string volume) => Read(volume, RetiredSuffix);

    /// <summary>Reads the name of a record of use; null for any other volume.</summary>
    public static ImageNames? FromUseRecord(string volume) => Read(volume, UseSuffix);

    /// <summary>Reads the name of a base volume; null for any other volume.</summary>
    public static ImageNames? FromBase(string volume) => Read(volume, Qcow2Suffix) ?? Read(volume, RawSuffix);

    /// <summary>The volume that holds the disk.</summary>
    public string Base(DiskFormat format) => Stem + (format == DiskFormat.Qcow2 ? Qcow2Suffix : RawSuffix);

    /// <summary>
    /// An empty volume that is made when the base volume is complete and verified, and that tells what the base volume was like then.
    /// Without one the base volume is not used.
    /// </summary>
    public string Mark(ImageStamp stamp) => $"{Stem}.{stamp}{MarkSuffix}";

    /// <summary>The names for whoever takes over.</summary>
    public ImageNames Next() => new(_hex, Generation + 1);

    private static ImageNames? Read(string volume, string suffix)
    {
        if (!volume.StartsWith(Prefix, StringComparison.Ordinal) || !volume.EndsWith(suffix, StringComparison.Ordinal)) return null;
        var stem = volume.AsSpan(Prefix.Length, volume.Length - Prefix.Length - suffix.Length);
        if (stem.Length < DigestDigits || !IsHex(stem[..DigestDigits])) return null;
        var generation = 0;
        if (stem.Length > DigestDigits
            && (stem[DigestDigits] != GenerationSeparator
                || !int.TryParse(stem[(DigestDigits + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out generation))) return null;
        var names = new ImageNames(stem[..DigestDigits].ToString(), generation);
        return names.Stem + suffix == volume ? names : null;
    }

    private static bool IsHex(ReadOnlySpan<char> text) => text.Length == DigestDigits && !text.ContainsAnyExcept(HexDigits);
}

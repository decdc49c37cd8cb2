using System.Security.Cryptography;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What a file must hash to.</summary>
/// <param name="Algorithm">SHA-256 or SHA-512.</param>
/// <param name="Hex">Lower-case hexadecimal digits.</param>
internal readonly record struct ImageChecksum(HashAlgorithmName Algorithm, string Hex)
{
    /// <summary>Reads <c>sha256:…</c>, <c>sha512:…</c> or the bare digits.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidChecksum</c>.</exception>
    public static ImageChecksum Parse(string text)
    {
        var hex = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].ToLowerInvariant();
        if (hex.All(char.IsAsciiHexDigit) && hex.Length is 64 or 128) return new ImageChecksum(hex.Length == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512, hex);
        throw new InvalidInputException("InvalidChecksum", "A checksum is SHA-256 with 64 hexadecimal digits, or SHA-512 with 128.", "Checksum");
    }

    /// <summary>Finds a file's line in a list, in the form of sha256sum(1) or of BSD; null if it is not in it.</summary>
    public static ImageChecksum? FindIn(string list, string file)
    {
        foreach (var line in list.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 2) continue;
            if (IsHash(parts[0]) && NameOf(parts[1].TrimStart('*')) == file) return Parse(parts[0]);
            var end = parts[1].LastIndexOf(") = ", StringComparison.Ordinal);
            if (end > 0 && parts[1][0] == '(' && NameOf(parts[1][1..end]) == file && IsHash(parts[1][(end + 4)..])) return Parse(parts[1][(end + 4)..]);
        }

        return null;
    }

    // Other sums, such as MD5, may stand beside them in the same list.
    private static bool IsHash(string text) => text.Length is 64 or 128 && text.All(char.IsAsciiHexDigit);

    private static string NameOf(string listed) => listed.StartsWith("./", StringComparison.Ordinal) ? listed[2..] : listed;
}

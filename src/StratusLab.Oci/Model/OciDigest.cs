using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace StratusLab.Oci;

/// <summary>The digest that names a content: algorithm and lower-case hexadecimal value, such as <c>sha256:e3b0…</c>.</summary>
/// <remarks>The registered algorithms of the OCI image specification, section "Digests": sha256 and sha512.</remarks>
[JsonConverter(typeof(OciDigestConverter))]
public readonly record struct OciDigest : IParsable<OciDigest>
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string? _value;

    private OciDigest(string value) => _value = value;

    /// <summary>The algorithm, such as <c>sha256</c>.</summary>
    public string Algorithm => ToString()[..^(Hex.Length + 1)];

    /// <summary>The value without the algorithm.</summary>
    public string Hex => ToString()[(ToString().IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>The digest of a SHA-256 value of 32 bytes.</summary>
    public static OciDigest FromSha256(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, 32);
        return new OciDigest("sha256:" + Convert.ToHexStringLower(hash));
    }

    /// <summary>Reads a digest.</summary>
    /// <exception cref="FormatException">The text is no digest.</exception>
    public static OciDigest Parse(string s) => Parse(s, null);

    /// <inheritdoc cref="Parse(string)"/>
    public static OciDigest Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var digest) ? digest : throw new FormatException("A digest is 'sha256:' and 64 lower-case hexadecimal digits.");

    /// <inheritdoc cref="Parse(string)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out OciDigest result)
    {
        result = default;
        var length = s switch
        {
            null => 0,
            _ when s.StartsWith("sha256:", StringComparison.Ordinal) => 64,
            _ when s.StartsWith("sha512:", StringComparison.Ordinal) => 128,
            _ => 0,
        };
        if (length == 0 || s!.Length != 7 + length || s.AsSpan(7).ContainsAnyExcept(HexDigits)) return false;
        result = new OciDigest(s);
        return true;
    }

    /// <summary>Algorithm, colon, value.</summary>
    public override string ToString() => _value ?? throw new InvalidOperationException("This digest was never set.");
}

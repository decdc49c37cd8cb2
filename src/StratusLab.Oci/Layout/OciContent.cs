using System.Security.Cryptography;

namespace StratusLab.Oci;

/// <summary>What can be told of a content that is in memory.</summary>
internal static class OciContent
{
    public static OciDigest DigestOf(ReadOnlySpan<byte> content, string algorithm) =>
        OciDigest.Parse($"{algorithm}:{Convert.ToHexStringLower(algorithm == "sha512" ? SHA512.HashData(content) : SHA256.HashData(content))}");

    public static string? TagOf(OciDescriptor manifest) => manifest.Annotations?.GetValueOrDefault(OciAnnotations.RefName);
}

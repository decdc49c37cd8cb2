using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Takes out of a request what may be secret; the digest still tells whether two were the same.</summary>
internal static class Redaction
{
    public static GuestSetup Of(GuestSetup guest) => guest with { UserData = DigestOf(guest.UserData), NetworkConfig = DigestOf(guest.NetworkConfig) };

    private static string? DigestOf(string? text) =>
        text is null ? null : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

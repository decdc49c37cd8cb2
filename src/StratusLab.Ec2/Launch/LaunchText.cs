using System.Security.Cryptography;
using System.Text;

namespace StratusLab.Ec2.Launch;

/// <summary>A launch as the call journal keeps it: the parameters of the query, with the user data, which may hold secrets, replaced by its SHA-256.</summary>
internal static class LaunchText
{
    private const string UserData = "UserData", Digest = "sha256:";

    public static string Write(IReadOnlyDictionary<string, string> parameters) =>
        string.Join('&', parameters.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Key == UserData ? DigestOf(p.Value) : p.Value)}"));

    public static Dictionary<string, string> Read(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);

    /// <summary>Puts the user data back.</summary>
    /// <returns>Whether it is the same as was sent then.</returns>
    public static bool TryRestore(Dictionary<string, string> parameters, string userData)
    {
        if (parameters.GetValueOrDefault(UserData) != DigestOf(userData)) return false;
        parameters[UserData] = userData;
        return true;
    }

    private static string DigestOf(string userData) => Digest + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(userData)));
}

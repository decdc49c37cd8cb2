using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Launch;

/// <summary>
/// What cloud-init finds at its first boot: a MIME multipart of our cloud-config (host name, ssh keys) and the user's part.
/// The same request gives the same bytes, as its client token demands.
/// </summary>
internal static class UserData
{
    /// <summary>EC2's limit, before base64.</summary>
    public const int MaxLength = 16 << 10;

    /// <summary>The user data of a request, in base64.</summary>
    /// <exception cref="StratusException">It is too long even when compressed.</exception>
    public static string Encode(HostDefinition host, VmRequest request)
    {
        var bytes = Encoding.UTF8.GetBytes(Compose(request));
        if (bytes.Length > MaxLength) bytes = Compress(bytes);
        return bytes.Length <= MaxLength
            ? Convert.ToBase64String(bytes)
            : throw VmErrors.Invalid(host, "UserData", string.Create(CultureInfo.InvariantCulture, $"The user data of '{request.Name}' has {bytes.Length} bytes even when compressed; EC2 takes {MaxLength}. Have the guest fetch the rest."));
    }

    private static string Compose(VmRequest request)
    {
        var config = new StringBuilder("#cloud-config\n").Append("hostname: ").Append(request.Name).Append('\n');
        if (request.Guest.SshKeys.Count > 0)
        {
            config.Append("ssh_authorized_keys:\n");
            foreach (var key in request.Guest.SshKeys) config.Append("- '").Append(key.Trim().Replace("'", "''", StringComparison.Ordinal)).Append("'\n");
        }

        if (string.IsNullOrEmpty(request.Guest.UserData)) return config.ToString();
        var boundary = "==" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Guest.UserData)))[..24] + "==";
        return new StringBuilder()
            .Append("Content-Type: multipart/mixed; boundary=\"").Append(boundary).Append("\"\nMIME-Version: 1.0\n\n--").Append(boundary)
            .Append("\nContent-Type: text/cloud-config; charset=\"utf-8\"\n\n").Append(config).Append("\n--").Append(boundary).Append('\n')
            .Append(Header(request.Guest.UserData)).Append(request.Guest.UserData).Append("\n--").Append(boundary).Append("--\n").ToString();
    }

    // A part that is a multipart itself brings its own header.
    private static string Header(string data) =>
        data.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase) || data.StartsWith("MIME-Version:", StringComparison.OrdinalIgnoreCase) ? ""
        : data.StartsWith("#!", StringComparison.Ordinal) ? "Content-Type: text/x-shellscript; charset=\"utf-8\"\n\n"
        : "Content-Type: text/cloud-config; charset=\"utf-8\"\nMerge-Type: list(append)+dict(recurse_array)+str()\n\n";

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(bytes);
        return compressed.ToArray();
    }
}

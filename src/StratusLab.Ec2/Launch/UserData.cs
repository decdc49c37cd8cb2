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
    private const string CloudConfig = "Content-Type: text/cloud-config; charset=\"utf-8\"\n", Template = "Content-Type: text/jinja2; charset=\"utf-8\"\n\n";

    /// <summary>EC2's limit, before base64.</summary>
    public const int MaxLength = 16 << 10;

    /// <summary>The user data of a launch, in base64.</summary>
    /// <param name="host">The host, for the error.</param>
    /// <param name="names">The names of the VMs, in launch order. Each guest takes its own.</param>
    /// <param name="guest">What all of them are told.</param>
    /// <exception cref="StratusException">It is too long even when compressed.</exception>
    public static string Encode(HostDefinition host, IReadOnlyList<string> names, GuestSetup guest)
    {
        var bytes = Encoding.UTF8.GetBytes(Compose(names, guest));
        if (bytes.Length > MaxLength) bytes = Compress(bytes);
        return bytes.Length <= MaxLength
            ? Convert.ToBase64String(bytes)
            : throw VmErrors.Invalid(host, "UserData", string.Create(CultureInfo.InvariantCulture, $"The user data of '{names[0]}' has {bytes.Length} bytes even when compressed; EC2 takes {MaxLength}. Have the guest fetch the rest, as with an #include of cloud-init."));
    }

    private static string Compose(IReadOnlyList<string> names, GuestSetup guest)
    {
        var parts = new List<string>();
        var config = new StringBuilder("#cloud-config\n");
        if (names is [var only]) config.Append("hostname: ").Append(only).Append('\n');
        else parts.Add(HostNames(names));
        if (guest.SshKeys.Count > 0)
        {
            config.Append("ssh_authorized_keys:\n");
            foreach (var key in guest.SshKeys) config.Append("- '").Append(key.Trim().Replace("'", "''", StringComparison.Ordinal)).Append("'\n");
        }

        if (names.Count == 1 && string.IsNullOrEmpty(guest.UserData)) return config.ToString();
        if (names.Count == 1 || guest.SshKeys.Count > 0) parts.Add(CloudConfig + "\n" + config);
        if (!string.IsNullOrEmpty(guest.UserData)) parts.Add(Header(guest.UserData) + guest.UserData);
        var boundary = "==" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts))))[..24] + "==";
        var message = new StringBuilder("Content-Type: multipart/mixed; boundary=\"").Append(boundary).Append("\"\nMIME-Version: 1.0\n");
        foreach (var part in parts) message.Append("\n--").Append(boundary).Append('\n').Append(part);
        return message.Append("\n--").Append(boundary).Append("--\n").ToString();
    }

    // Instances of one launch have the same user data, and each knows its number in it. Source: "Instance metadata" and "User data formats" (Jinja
    // templates) of the cloud-init documentation; since version 18.4.
    private static string HostNames(IReadOnlyList<string> names)
    {
        var list = string.Join(',', names.Select(name => $"'{name}'"));
        return $"{Template}## template: jinja\n#cloud-config\nhostname: \"{{{{ [{list}][ds.meta_data.ami_launch_index | int] }}}}\"\n";
    }

    // A part that is a multipart itself brings its own header.
    private static string Header(string data) =>
        data.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase) || data.StartsWith("MIME-Version:", StringComparison.OrdinalIgnoreCase) ? ""
        : data.StartsWith("#!", StringComparison.Ordinal) ? "Content-Type: text/x-shellscript; charset=\"utf-8\"\n\n"
        : data.StartsWith("## template:", StringComparison.Ordinal) ? Template
        : CloudConfig + "Merge-Type: list(append)+dict(recurse_array)+str()\n\n";

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(bytes);
        return compressed.ToArray();
    }
}

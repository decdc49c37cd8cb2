using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>
/// Makes the NoCloud seed from which cloud-init sets a guest up at its first boot: a volume labelled <c>cidata</c> with
/// <c>meta-data</c>, <c>user-data</c> and <c>network-config</c> (cloud-init's NoCloud data source).
/// </summary>
/// <remarks>Host name and ssh keys go into the meta-data, so that the user's own user-data is passed on unchanged, whatever its form.</remarks>
internal static class SeedImage
{
    /// <summary>The most that user data and network configuration may take, each, in bytes.</summary>
    public const int MaxPartLength = 4 * 1024 * 1024;

    private const string Label = "cidata";

    /// <summary>Makes the image for a request.</summary>
    /// <exception cref="InvalidInputException">A part is too large, or a key is not one line.</exception>
    public static byte[] Write(VmRequest request, VmNames names, IReadOnlyList<DomainNic> nics)
    {
        var userData = Part(request.Guest.UserData ?? "#cloud-config\n{}\n", "UserData");
        var network = Part(request.Guest.NetworkConfig ?? DhcpOn(nics), "NetworkConfig");
        return IsoImage.Write(
            Label,
            [
                new IsoFile("meta-data", "METADATA.", Encoding.UTF8.GetBytes(MetaData(request, names))),
                new IsoFile("network-config", "NETWORK.", network),
                new IsoFile("user-data", "USERDATA.", userData),
            ],
            request.CreatedAt);
    }

    private static string MetaData(VmRequest request, VmNames names)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"instance-id: {names.Key}\n");
        text.Append(CultureInfo.InvariantCulture, $"local-hostname: {Quote(request.Name)}\n");
        if (request.Guest.SshKeys.Count > 0) text.Append("public-keys:\n");
        foreach (var key in request.Guest.SshKeys)
        {
            if (key.AsSpan().ContainsAny('\n', '\r', '\0'))
                throw new InvalidInputException("InvalidSshKey", "An ssh public key must be one line, as in ~/.ssh/id_ed25519.pub.", "SshKeys");
            text.Append(CultureInfo.InvariantCulture, $"  - {Quote(key)}\n");
        }

        return text.ToString();
    }

    private static string DhcpOn(IReadOnlyList<DomainNic> nics)
    {
        var text = new StringBuilder("version: 2\nethernets:\n");
        for (var i = 0; i < nics.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"  nic{i}:\n    match: {{macaddress: {Quote(nics[i].HardwareAddress)}}}\n    dhcp4: true\n");
        return nics.Count > 0 ? text.ToString() : "version: 2\nethernets: {}\n";
    }

    /// <summary>A JSON string is also a YAML string.</summary>
    private static string Quote(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static byte[] Part(string text, string field)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= MaxPartLength
            ? bytes
            : throw new InvalidInputException("GuestSetupTooLarge", string.Create(CultureInfo.InvariantCulture, $"{field} has {bytes.Length} bytes; at most {MaxPartLength} fit into a seed. Let the guest fetch large files itself."), field);
    }
}

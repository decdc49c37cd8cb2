using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What a host's definition must be like before anything is asked of the host.</summary>
internal static class HostValidation
{
    public static void Validate(HostDefinition host)
    {
        ResourceName.Validate(host.Name, "host name");
        ValidateUri(host.Uri);
        ValidateSettings(host);
    }

    public static void ValidateSettings(HostDefinition host)
    {
        InRange(host.CpuOvercommit, 0.1, 64, "CpuOvercommit");
        InRange(host.MemoryOvercommit, 0.1, 4, "MemoryOvercommit");
        if (!Enum.IsDefined(host.Accelerator)) throw new InvalidInputException("InvalidAccelerator", "The accelerator is Auto, Kvm or Tcg.", "Accelerator");
        RemoteName(host.Pool, "Pool");
        RemoteName(host.Network, "Network");
        if (host.ImageCacheLimit is { Bytes: <= 0 })
            throw new InvalidInputException("InvalidImageCacheLimit", "The images on a host may take 1 byte or more; leave the limit out for none.", "ImageCacheLimit");
        if (host.MaxVm < 0) throw NoLimit("MaxVm", "a host may have 0 VMs or more");
        if (host.MaxVCpu < 0) throw NoLimit("MaxVCpu", "the VMs of a host may have 0 virtual CPUs or more together");
        if (host.MaxHourlyCost < 0) throw NoLimit("MaxHourlyCost", "the VMs of a host may cost 0 US dollars an hour or more together");
        LabelValidation.Validate(host.Labels);
    }

    public static string SchemeOf(string uri)
    {
        var end = uri.IndexOf(':', StringComparison.Ordinal);
        return end > 0 ? uri[..end].ToLowerInvariant() : throw Invalid("it has no scheme");
    }

    private static void ValidateUri(string uri)
    {
        if (string.IsNullOrWhiteSpace(uri)) throw Invalid("it is empty");
        if (uri.Any(char.IsControl) || uri.Any(char.IsWhiteSpace)) throw Invalid("it has spaces or control characters");
        _ = SchemeOf(uri);
        if (!System.Uri.TryCreate(uri, UriKind.Absolute, out var parsed)) throw Invalid("it is malformed");

        // Never shown again, not even in this message.
        if (parsed.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            throw new InvalidInputException(
                "SecretInUri",
                "The host's URI holds a password, which would be stored and shown. Leave it out: use ssh keys, client certificates or the client's own configuration.",
                "Uri");
        }
    }

    private static void InRange(double value, double min, double max, string field)
    {
        if (!(value >= min && value <= max))
        {
            var text = value.ToString(CultureInfo.InvariantCulture);
            throw new InvalidInputException("InvalidOvercommit", string.Create(CultureInfo.InvariantCulture, $"{field} {text} is out of range: use {min} to {max}."), field);
        }
    }

    private static void RemoteName(string name, string field)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 255 || name.Contains('/', StringComparison.Ordinal) || name.Any(char.IsControl))
            throw new InvalidInputException("InvalidName", $"{field} is empty, longer than 255 characters, or has a slash or control characters.", field);
    }

    private static InvalidInputException NoLimit(string field, string right) =>
        new("InvalidLimit", $"{field} is below zero: {right}; leave the limit out for none.", field);

    private static InvalidInputException Invalid(string why) =>
        new("InvalidHostUri", $"The host's URI cannot be used: {why}. Right would be, for example, qemu:///system or qemu+ssh://root@node1/system.", "Uri");
}

using System.Globalization;
using System.Xml;
using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>What a request must keep before anything is made for it.</summary>
internal static class RequestRules
{
    private static readonly ByteSize LeastMemory = ByteSize.FromMiB(16);

    /// <summary>Checks all fields.</summary>
    /// <exception cref="InvalidInputException">A field is wrong.</exception>
    public static void Check(VmRequest request)
    {
        ResourceName.Validate(request.Name, "VM name");
        if (RequestNeeds.Of(request) is not ProviderCapabilities.None and var needs)
        {
            throw new StratusException(
                "NotSupported",
                StratusErrorKind.NotSupported,
                $"VM '{request.Name}' asks for what a KVM host cannot do (capability {needs}). Leave it out, or choose a host that has it.") { Resource = request.Name };
        }

        if (request.Cpu < 1) throw Wrong("InvalidCpuCount", "Cpu", string.Create(CultureInfo.InvariantCulture, $"{request.Cpu} virtual CPUs: ask for 1 or more."));
        if (request.Memory < LeastMemory) throw Wrong("InvalidMemory", "Memory", $"{request.Memory} of memory: ask for {LeastMemory} or more.");
        if (request.CopyDiskOf is not null && request.Disk.Bytes != 0)
            throw Wrong("DiskSizeFixed", "Disk", "A copy has the size of the disk that it is copied from. Leave the disk size out.");
        if (request.Disk.Bytes != 0 && request.Disk < request.Image.VirtualSize)
            throw Wrong("DiskTooSmall", "Disk", $"A disk of {request.Disk} cannot hold image '{request.Image}', which has {request.Image.VirtualSize}. Leave the disk size out, or ask for at least that.");
        CheckText(request.Owner, "Owner");
        CheckText(request.Site, "Site");
        CheckText(request.Fleet, "Fleet");
        CheckText(request.Size, "Size");
        CheckText(request.PlacementReason, "PlacementReason");
        CheckText(request.Image.Name, "Image.Name");
        CheckText(request.Image.Version, "Image.Version");
        CheckText(request.Image.DefaultUser, "Image.DefaultUser");
        foreach (var (name, value) in request.Labels)
        {
            CheckText(name, "Labels");
            CheckText(value, $"Labels[{name}]");
        }
    }

    /// <summary>Labels and the like become XML, which has no way to write control characters.</summary>
    public static void CheckText(string? value, string field)
    {
        if (value is null) return;
        try
        {
            XmlConvert.VerifyXmlChars(value);
        }
        catch (XmlException e)
        {
            throw new InvalidInputException("InvalidCharacters", $"{field} has a character that is not text (a control character or half a surrogate pair). Remove it.", field, e);
        }
    }

    private static InvalidInputException Wrong(string id, string field, string message) => new(id, message, field);
}

using StratusLab.Core;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Launch;

/// <summary>What is wrong with a request in itself, found before anything is asked of EC2.</summary>
internal static class RequestRules
{
    private const int MaxPorts = 60;

    private static readonly ByteSize Largest = ByteSize.FromGiB(16384);

    /// <summary>Passes what can be carried out.</summary>
    /// <exception cref="StratusException">The request cannot be carried out on EC2.</exception>
    public static void Check(HostDefinition host, VmRequest request)
    {
        ResourceName.Validate(request.Name, "VM name");
        if (request.Cpu < 1) throw VmErrors.Invalid(host, "Cpu", $"VM '{request.Name}' asks for {request.Cpu} vCPUs; 1 is the least.");
        if (request.Memory <= ByteSize.Zero) throw VmErrors.Invalid(host, "Memory", $"VM '{request.Name}' asks for no memory.");
        if (request.Disk != ByteSize.Zero && request.Disk < request.Image.VirtualSize)
            throw VmErrors.Invalid(host, "Disk", $"VM '{request.Name}' asks for a disk of {request.Disk}, and image '{request.Image}' has {request.Image.VirtualSize}.");
        if (request.Disk > Largest) throw VmErrors.Invalid(host, "Disk", $"VM '{request.Name}' asks for a disk of {request.Disk}; EC2 has none larger than {Largest}.");
        if (request.Networks.Count > 1) throw VmErrors.Invalid(host, "Networks", $"VM '{request.Name}' asks for {request.Networks.Count} networks; on EC2 a VM joins one subnet.");
        if (request.Guest.NetworkConfig is not null) throw VmErrors.Invalid(host, "NetworkConfig", $"VM '{request.Name}' brings a network configuration; on EC2 the subnet gives it.");
        if (request.Gpu < 0) throw VmErrors.Invalid(host, "Gpu", $"VM '{request.Name}' asks for {request.Gpu} GPUs; 0 is the least.");
        if (request.OpenPorts?.Any(port => port is < 1 or > 65535) == true)
            throw VmErrors.Invalid(host, "OpenPorts", $"VM '{request.Name}' asks for port {request.OpenPorts.First(port => port is < 1 or > 65535)} to be open; ports are 1 to 65535.");
        if (request.OpenPorts?.Distinct().Count() > MaxPorts) throw VmErrors.Invalid(host, "OpenPorts", $"VM '{request.Name}' asks for more than {MaxPorts} open ports, which is what a security group of EC2 takes.");
        if (request.CopyDiskOf is not null) throw VmErrors.NotCapable(host, ProviderCapabilities.Disks, "Make an image of the VM instead.");
        if (request.IsIsolated)
            throw new StratusException("NotSupported", StratusErrorKind.NotSupported, $"VM '{request.Name}' is to have no network; an instance of EC2 always has one. Use another host.") { Resource = host.Name };
        if (VmTags.WhyNot(VmTags.Of([request], Disk(request), 0)) is { } reason) throw VmErrors.Invalid(host, "Labels", $"VM '{request.Name}' cannot be tagged: {reason}.");
    }

    /// <summary>The disk that the VM gets, in whole gibibytes.</summary>
    public static ByteSize Disk(VmRequest request)
    {
        var asked = request.Disk == ByteSize.Zero ? request.Image.VirtualSize : request.Disk;
        return ByteSize.FromGiB(Math.Max(1, (asked.Bytes + (1L << 30) - 1) >> 30));
    }
}

using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>What a simulated host says no with.</summary>
internal static class SimErrors
{
    public static HostRefusedException VmNotFound(VmId vm) =>
        Refused("VmNotFound", StratusErrorKind.NotFound, $"The host '{vm.Host}' has no VM '{vm.Key}'.", vm.ToString());

    public static HostRefusedException VmNotManaged(VmId vm, string name) =>
        Refused("VmNotManaged", StratusErrorKind.PermissionDenied, $"The VM '{name}' on '{vm.Host}' was not made by StratusLab and is left alone.", vm.ToString());

    public static HostRefusedException NameTaken(string host, string name) =>
        Refused("VmNameTaken", StratusErrorKind.AlreadyExists, $"The name '{name}' is taken on '{host}': choose another, or remove that VM first.", name);

    public static HostRefusedException NoCapacity(string host, string what) =>
        Refused("NoCapacity", StratusErrorKind.NoCapacity, $"The host '{host}' has no room: {what}.", host);

    public static HostRefusedException NoMachineType(string host, VmRequest request) => Refused(
        "NoMachineType",
        StratusErrorKind.NoCapacity,
        $"The host '{host}' sells no machine {(request.MachineType is { } type ? $"of type '{type}' " : string.Empty)}with {request.Cpu} virtual CPUs, {request.Memory} of memory and {request.Gpu} GPUs.",
        request.Name);

    public static HostRefusedException TooDear(string host, VmRequest request, MachineOffer cheapest) => Refused(
        "PriceTooHigh",
        StratusErrorKind.NoCapacity,
        string.Create(CultureInfo.InvariantCulture, $"The host '{host}' has no machine for '{request.Name}' at ${request.MaxHourlyPrice} an hour or less: the cheapest, {cheapest.MachineType}, costs ${cheapest.HourlyPrice}."),
        request.Name);

    public static HostRefusedException ImageNotOnHost(string host, string image) =>
        Refused("ImageNotOnHost", StratusErrorKind.NotFound, $"The image {image} is not on '{host}': place it there first.", image);

    public static HostRefusedException ImageNotKept(string host, ImageDescriptor image) =>
        Refused("ImageNotKept", StratusErrorKind.NotSupported, $"The simulated host '{host}' keeps no disk as large as that of the image {image} ({new ByteSize(image.DiskLength)}).", image.ToString());

    public static HostRefusedException ImageInUse(string host, string image) =>
        Refused("ImageInUse", StratusErrorKind.InvalidState, $"The image {image} is the base of VMs on '{host}': remove those VMs first.", image);

    public static HostRefusedException ImageDamaged(string host, string image) =>
        Refused("ImageDamagedOnHost", StratusErrorKind.InvalidState, $"The image {image} on '{host}' has changed since it was verified (simulated): remove it from the host, and it is sent anew.", image);

    public static HostRefusedException ImageCacheFull(string host, ImageDescriptor image, ByteSize limit) =>
        Refused("ImageCacheFull", StratusErrorKind.NoCapacity, $"The image {image} ({new ByteSize(image.DiskLength)}) does not fit into the {limit} that images may take on '{host}': the others are in use.", image.ToString());

    public static HostRefusedException InvalidState(VirtualMachine vm, PowerAction action, string remedy) =>
        Refused("InvalidVmState", StratusErrorKind.InvalidState, $"The VM '{vm.Name}' is {vm.State}, which does not allow {action}: {remedy}.", vm.Id.ToString());

    public static HostRefusedException NotSupported(string host, ProviderCapabilities capability, string what) =>
        Refused("CapabilityMissing", StratusErrorKind.NotSupported, $"The host '{host}' lacks the capability {capability}: {what}.", host);

    public static HostRefusedException Refused(string errorId, StratusErrorKind kind, string message, string resource) =>
        new(errorId, kind, message, errorId) { Resource = resource };

    public static HostConnectionException Unreachable(string host) =>
        new("HostUnreachable", $"The host '{host}' cannot be reached (simulated).", RequestState.NotSent) { Resource = host };

    public static HostConnectionException ConnectionLost(string host) =>
        new("ConnectionLost", $"The connection to '{host}' was lost before the reply came (simulated): look up what became of the request.", RequestState.Sent) { Resource = host };
}

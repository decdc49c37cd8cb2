using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Ec2.Errors;

/// <summary>What this provider refuses by itself.</summary>
internal static class VmErrors
{
    public static StratusException NotFound(VmId vm) => new(
        "VmNotFound", StratusErrorKind.NotFound, $"Host '{vm.Host}' has no VM '{vm.Key}'. If it was launched within the last minute, EC2 may not list it yet.") { Resource = vm.ToString() };

    public static StratusException NotManaged(VirtualMachine vm) => new(
        "VmNotManaged",
        StratusErrorKind.PermissionDenied,
        $"Instance '{vm.Name}' on host '{vm.Host}' was not made by StratusLab, which changes only what it made. Use AWS's own tools for it.") { Resource = vm.Id.ToString() };

    public static StratusException NameTaken(HostDefinition host, string name) => new(
        "VmNameTaken",
        StratusErrorKind.AlreadyExists,
        $"Host '{host.Name}' already has a VM named '{name}'. Choose another name, or remove that VM.") { Resource = host.Name };

    public static StratusException InvalidState(VirtualMachine vm, PowerAction action) => new(
        "VmStateInvalid", StratusErrorKind.InvalidState, $"VM '{vm.Name}' on host '{vm.Host}' is {vm.State}; {action} needs one that runs. Start it first.") { Resource = vm.Id.ToString() };

    public static StratusException SpotStays(VirtualMachine vm) => new(
        "VmSpotNotStoppable", StratusErrorKind.NotSupported, $"VM '{vm.Name}' on host '{vm.Host}' was bought once on the spot market; EC2 does not stop such a one. Remove it, or reboot it.") { Resource = vm.Id.ToString() };

    public static StratusException NotCapable(HostDefinition host, ProviderCapabilities needed, string instead) => new(
        "NotSupported", StratusErrorKind.NotSupported, $"Host '{host.Name}' is EC2, which cannot do this (capability {needed}). {instead}") { Resource = host.Name };

    public static StratusException Invalid(HostDefinition host, string field, string message) => new InvalidInputException("Ec2RequestInvalid", message, field) { Resource = host.Name };

    public static StratusException NotShutDown(VirtualMachine vm, TimeSpan patience) => new(
        "VmShutdownTimeout",
        StratusErrorKind.Timeout,
        string.Create(CultureInfo.InvariantCulture, $"VM '{vm.Name}' on host '{vm.Host}' has not shut down within {patience.TotalSeconds:0} s and is kept. Remove it with force to cut its power.")) { Resource = vm.Id.ToString() };

    public static StratusException NoType(HostDefinition host, VmRequest request) => new(
        "Ec2TypeNotFound",
        StratusErrorKind.NoCapacity,
        string.Create(CultureInfo.InvariantCulture, $"No instance type of host '{host.Name}' has {request.Cpu} vCPUs, {request.Memory} and architecture {request.Image.Architecture}. Ask for less.")) { Resource = host.Name };

    public static StratusException TooDear(HostDefinition host, VmRequest request, Launch.LaunchPlace cheapest) => new(
        "Ec2PriceTooHigh",
        StratusErrorKind.NoCapacity,
        string.Create(CultureInfo.InvariantCulture, $"VM '{request.Name}' may cost ${request.MaxHourlyPrice} an hour, and the cheapest machine of host '{host.Name}' that fits, {cheapest}, costs ${cheapest.HourlyPrice}. Allow more, or ask for less.")) { Resource = host.Name };

    public static StratusException NoCapacity(HostDefinition host, IReadOnlyCollection<string> refused, IReadOnlyCollection<string> skipped, Exception? cause) => new(
        "Ec2CapacityLacking",
        StratusErrorKind.NoCapacity,
        $"Host '{host.Name}' has no machine for this now. {Told("Refused", refused)}{Told("Refused a while ago and not asked again yet", skipped)}Allow other machine types, networks or markets, or try later.",
        cause) { Resource = host.Name, IsTransient = true };

    public static HostConnectionException LaunchUnknown(HostDefinition host, string token, StratusException cause) => new(
        "LaunchUnknown",
        $"Host '{host.Name}' has not said whether it launched (client token {token}): {cause.Message.TrimEnd('.')}. The same request is safe to make again; what was launched is found by its token.",
        RequestState.Sent,
        cause) { Resource = host.Name };

    public static StratusException NetworkNotFound(HostDefinition host, string network) => new(
        "NetworkNotFound",
        StratusErrorKind.NotFound,
        $"Host '{host.Name}' has no subnet '{network}'. Give the identity (subnet-…) or the Name tag of one, or 'default' for those of the default network.") { Resource = host.Name };

    public static StratusException ImageNotOnHost(HostDefinition host, ImageDescriptor image) => new(
        "ImageNotOnHost",
        StratusErrorKind.NotFound,
        $"Host '{host.Name}' has no machine image made from '{image}' ({image.Digest}): none bears the tag {Vms.VmTags.ImageDigest} with that digest. Place the image on the host first.") { Resource = host.Name };

    private static string Told(string what, IReadOnlyCollection<string> places) => places.Count == 0 ? "" : $"{what}: {string.Join(", ", places)}. ";
}

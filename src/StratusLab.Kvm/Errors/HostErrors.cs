using System.Globalization;
using System.Security.Authentication;
using StratusLab.Core;
using StratusLab.Libvirt;
using RequestState = StratusLab.Core.RequestState;

namespace StratusLab.Kvm;

/// <summary>Turns what libvirt says into StratusLab's errors: a stable id, and what to do about it.</summary>
internal static class HostErrors
{
    public const string ImageDamagedId = "ImageDamagedOnHost";
    public const string VolumeNotFoundId = "VolumeNotFound";

    private const int ErrnoNoSpace = 28;

    /// <summary>The error for a failed call, whatever it was about.</summary>
    public static StratusException Translate(LibvirtException error, HostDefinition host) => error switch
    {
        LibvirtServerException refused => Refused(refused, host),
        LibvirtProtocolException => new HostProtocolException("HostProtocolViolated", $"Host '{host.Name}' broke the libvirt protocol: {error.Message}", error) { Resource = host.Name },
        _ => Connection(error, host),
    };

    public static bool IsOutOfSpace(this LibvirtServerException error) =>
        (error.Code == LibvirtErrorCode.SystemError && error.Int1 == ErrnoNoSpace) || error.Message.Contains("No space left on device", StringComparison.Ordinal);

    public static bool IsPermission(this LibvirtServerException error) => error.Message.Contains("Permission denied", StringComparison.Ordinal);

    public static StratusException NotCapable(HostDefinition host, ProviderCapabilities needed) => new(
        "NotSupported",
        StratusErrorKind.NotSupported,
        $"Host '{host.Name}' is libvirt's test driver, which cannot do this (capability {needed}). Use a host whose URI begins with qemu.") { Resource = host.Name };

    public static StratusException NotAnswering(HostDefinition host, TimeSpan patience, Exception? cause) => new HostConnectionException(
        "HostNotAnswering",
        string.Create(CultureInfo.InvariantCulture, $"Host '{host.Name}' took a request and had not carried it out after {patience.TotalSeconds:0} s, though its libvirt daemon lives. What becomes of it is not known. See there what the VM is at (virsh domjobinfo, the daemon's log)."),
        RequestState.Sent,
        cause) { Resource = host.Name };

    public static StratusException PoolNotFound(HostDefinition host, IEnumerable<string> known, LibvirtServerException cause) => Refusal(
        "PoolNotFound",
        StratusErrorKind.NotFound,
        $"Host '{host.Name}' has no storage pool '{host.Pool}'; it has {List(known)}. Register the host with one of these, or define the pool there (virsh pool-define-as {host.Pool} dir --target FOLDER; virsh pool-start {host.Pool}).",
        host,
        cause);

    public static StratusException PoolInactive(HostDefinition host) => new(
        "PoolInactive",
        StratusErrorKind.InvalidState,
        $"Storage pool '{host.Pool}' of host '{host.Name}' is not running. Start it there: virsh pool-start {host.Pool}; virsh pool-autostart {host.Pool}.") { Resource = host.Name };

    public static StratusException PoolNotSupported(HostDefinition host, string type) => new(
        "PoolNotSupported",
        StratusErrorKind.NotSupported,
        $"Storage pool '{host.Pool}' of host '{host.Name}' is of type '{type}'. VM disks are files: use a pool of type dir, fs or netfs.") { Resource = host.Name };

    public static StratusException NetworkNotFound(HostDefinition host, string network, IEnumerable<string> known) => new(
        "NetworkNotFound",
        StratusErrorKind.NotFound,
        $"Host '{host.Name}' has no network '{network}'; it has {List(known)}.") { Resource = host.Name };

    public static StratusException NetworkInactive(HostDefinition host, string network) => new(
        "NetworkInactive",
        StratusErrorKind.InvalidState,
        $"Network '{network}' of host '{host.Name}' is not running. Start it there: virsh net-start {network}; virsh net-autostart {network}.") { Resource = host.Name };

    public static StratusException PoolFull(HostDefinition host, string what, ByteSize free, Exception? cause = null) => Refusal(
        "PoolFull",
        StratusErrorKind.NoCapacity,
        string.Create(CultureInfo.InvariantCulture, $"Storage pool '{host.Pool}' of host '{host.Name}' has no room for {what}: {free} ({free.Bytes} bytes) are free. Remove VMs or images from the host, or give the pool more room."),
        host,
        cause as LibvirtServerException);

    public static StratusException ImageNotOnHost(HostDefinition host, string image) => new(
        "ImageNotOnHost",
        StratusErrorKind.NotFound,
        $"The disk of image '{image}' is not in storage pool '{host.Pool}' of host '{host.Name}'. Place the image on the host first.") { Resource = host.Name };

    public static StratusException ImageInUse(HostDefinition host, string diskDigest, int users) => new(
        "ImageInUse",
        StratusErrorKind.InvalidState,
        string.Create(CultureInfo.InvariantCulture, $"{users} disks on host '{host.Name}' are made from image disk {diskDigest}. Remove those VMs first.")) { Resource = diskDigest };

    public static StratusException ImageDamaged(HostDefinition host, string diskDigest, string found) => new(
        ImageDamagedId,
        StratusErrorKind.InvalidState,
        $"An image disk in storage pool '{host.Pool}' of host '{host.Name}' has changed since it was verified: it should be {diskDigest}, and is {found}. "
        + "Nothing was launched from it. See whether that host's storage is sound and who wrote there, then remove the image from that host (Remove-StratusImage with -HostName): "
        + "the next launch sends it anew. VMs that were made from it before go on using the damaged disk.") { Resource = diskDigest };

    public static StratusException ImageCacheFull(HostDefinition host, ImageDescriptor image, string room) => new(
        "ImageCacheFull",
        StratusErrorKind.NoCapacity,
        $"The disk of image '{image}' ({new ByteSize(image.DiskLength)}) does not fit beside the images on host '{host.Name}': {room}. Remove VMs there, or raise the limit (Set-StratusHost with -ImageCacheLimit).") { Resource = host.Name };

    public static StratusException VmNotFound(HostDefinition host, string key) => new(
        "VmNotFound", StratusErrorKind.NotFound, $"Host '{host.Name}' has no VM '{key}'.") { Resource = $"{host.Name}/{key}" };

    public static StratusException VmNameTaken(HostDefinition host, string name, LibvirtServerException? cause = null) => Refusal(
        "VmNameTaken",
        StratusErrorKind.AlreadyExists,
        $"Host '{host.Name}' already has a VM named '{name}'. Choose another name, or remove that VM.",
        host,
        cause);

    public static StratusException VmBeingCreated(HostDefinition host, string name, LibvirtServerException? cause = null) => Refusal(
        "VmBeingCreated", StratusErrorKind.InvalidState, $"VM '{name}' is being created on host '{host.Name}' by another caller with the same request. Try again.", host, cause);

    public static StratusException VmNotManaged(HostDefinition host, string name) => new(
        "VmNotManaged",
        StratusErrorKind.PermissionDenied,
        $"VM '{name}' on host '{host.Name}' was not made by StratusLab, which changes only what it made. Use the host's own tools for it, such as virsh.") { Resource = $"{host.Name}/{name}" };

    private static HostRefusedException Refused(LibvirtServerException error, HostDefinition host)
    {
        var message = error.Message.TrimEnd('.');
        return error.Code switch
        {
            LibvirtErrorCode.AuthFailed or LibvirtErrorCode.AuthCancelled or LibvirtErrorCode.AuthUnavailable => Refusal(
                "HostAuthenticationFailed", StratusErrorKind.PermissionDenied, $"Host '{host.Name}' refused the sign-in: {message}. Check user, password and the host's 'auth_*' settings in libvirtd.conf.", host, error),
            LibvirtErrorCode.AccessDenied or LibvirtErrorCode.OperationDenied => Refusal(
                "HostAccessDenied", StratusErrorKind.PermissionDenied, $"Host '{host.Name}' does not allow this: {message}. The account needs read-write access to libvirt.", host, error),
            LibvirtErrorCode.NoDomain => Refusal("VmNotFound", StratusErrorKind.NotFound, $"Host '{host.Name}' has no such VM: {message}.", host, error),
            LibvirtErrorCode.NoNetwork => Refusal("NetworkNotFound", StratusErrorKind.NotFound, $"Host '{host.Name}': {message}.", host, error),
            LibvirtErrorCode.NoStoragePool => Refusal("PoolNotFound", StratusErrorKind.NotFound, $"Host '{host.Name}': {message}.", host, error),
            LibvirtErrorCode.NoStorageVol => Refusal(VolumeNotFoundId, StratusErrorKind.NotFound, $"Host '{host.Name}': {message}.", host, error),
            LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported or LibvirtErrorCode.ArgumentUnsupported => Refusal(
                "HostNotSupported", StratusErrorKind.NotSupported, $"Host '{host.Name}' cannot do this: {message}.", host, error),
            LibvirtErrorCode.AgentUnresponsive or LibvirtErrorCode.AgentUnsynced or LibvirtErrorCode.AgentCommandTimeout => Refusal(
                "GuestAgentUnresponsive", StratusErrorKind.Timeout, $"The guest agent does not answer: {message}. The image needs qemu-guest-agent installed and running.", host, error),
            LibvirtErrorCode.AgentCommandFailed => Refusal("GuestAgentFailed", StratusErrorKind.Failed, $"The guest agent refused: {message}.", host, error),
            LibvirtErrorCode.OperationTimeout or LibvirtErrorCode.ResourceBusy => Refusal("HostBusy", StratusErrorKind.Timeout, $"Host '{host.Name}' is busy with this VM: {message}. Try again.", host, error),
            _ => RefusedByText(error, host),
        };
    }

    private static HostRefusedException RefusedByText(LibvirtServerException error, HostDefinition host)
    {
        var message = error.Message.TrimEnd('.');
        if (error.IsOutOfSpace())
            return Refusal("PoolFull", StratusErrorKind.NoCapacity, $"Host '{host.Name}' has no disk space left: {message}.", host, error);
        if (error.IsPermission())
            return Refusal("HostFilePermission", StratusErrorKind.PermissionDenied, $"Host '{host.Name}': {message}. {PermissionAdvice(host)}", host, error);
        if (message.Contains("Cannot allocate memory", StringComparison.Ordinal) || message.Contains("cannot set up guest memory", StringComparison.Ordinal))
            return Refusal("HostMemoryFull", StratusErrorKind.NoCapacity, $"Host '{host.Name}' has not the memory for this VM: {message}.", host, error);
        if (message.Contains("Unable to find", StringComparison.Ordinal) && message.Contains("efi", StringComparison.Ordinal))
            return Refusal("FirmwareNotFound", StratusErrorKind.NotSupported, $"Host '{host.Name}' has no UEFI firmware for this VM: {message}. Install it there (Debian: ovmf; Fedora: edk2-ovmf).", host, error);
        if (message.Contains("asynchronous jobs", StringComparison.Ordinal))
            return Refusal("HostBusy", StratusErrorKind.Timeout, $"Host '{host.Name}' is copying a disk, and cannot look at its storage pool meanwhile: {message}. Try again when that is done.", host, error);
        if (message.Contains("Failed to get", StringComparison.Ordinal) && message.Contains(" lock", StringComparison.Ordinal))
            return Refusal("DiskInUse", StratusErrorKind.InvalidState, $"Host '{host.Name}': a disk is in use: {message}. A VM was probably started while its disk was being copied; try again.", host, error);
        if (message.Contains("active block job", StringComparison.Ordinal))
            return Refusal("DiskInUse", StratusErrorKind.InvalidState, $"Host '{host.Name}': the disk is being copied already: {message}. Try again when that is done.", host, error);
        if (error.Code == LibvirtErrorCode.OperationInvalid)
            return Refusal("VmStateInvalid", StratusErrorKind.InvalidState, $"Host '{host.Name}': {message}.", host, error);
        return Refusal("HostRefused", StratusErrorKind.Failed, $"Host '{host.Name}' refused: {message}.", host, error);
    }

    /// <summary>What stands behind "Permission denied" when a VM is started, and what cures it.</summary>
    internal static string PermissionAdvice(HostDefinition host) =>
        $"The user that QEMU runs as cannot open the file. Let it enter the folder of pool '{host.Pool}' and those above (chmod o+x); "
        + "where AppArmor is active allow the folder in /etc/apparmor.d/abstractions/libvirt-qemu (see dmesg for DENIED); "
        + "where SELinux is active label it: semanage fcontext -a -t virt_image_t 'FOLDER(/.*)?' and restorecon -R FOLDER.";

    private static HostConnectionException Connection(LibvirtException error, HostDefinition host)
    {
        var state = error.RequestState switch
        {
            Libvirt.RequestState.NotSent => RequestState.NotSent,
            Libvirt.RequestState.Sent => RequestState.Sent,
            _ => RequestState.Unknown,
        };
        if (Causes(error).OfType<AuthenticationException>().FirstOrDefault() is not null)
            return new HostConnectionException("HostCertificateRejected", $"Host '{host.Name}' is not trusted: {error.Message}", state, error) { Resource = host.Name, IsTransient = false };
        var consequence = state switch
        {
            RequestState.NotSent => "The request was not sent.",
            RequestState.Sent => "The request had been sent; it may have taken effect.",
            _ => "It is not known whether the request was sent.",
        };
        return new HostConnectionException("HostUnreachable", $"Host '{host.Name}': {error.Message.TrimEnd('.')}. {consequence}", state, error) { Resource = host.Name };
    }

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException) yield return error;
    }

    private static HostRefusedException Refusal(string id, StratusErrorKind kind, string message, HostDefinition host, LibvirtServerException? cause) =>
        new(id, kind, message, cause is null ? "" : ((int)cause.Code).ToString(CultureInfo.InvariantCulture), cause)
        {
            HostMessage = cause?.Message,
            Resource = host.Name,
            IsTransient = id is "HostBusy" or "VmBeingCreated",
        };

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'")) is { Length: > 0 } list ? list : "none";
}

namespace StratusLab.Core;

/// <summary>A host that copies VMs' disks (<see cref="VmRequest.CopyDiskOf"/>) and hands them out.</summary>
public interface IDiskHost
{
    /// <summary>
    /// Reads the system disk of a VM that is off: a qcow2 file that stands by itself, without room for what the guest has freed. The caller
    /// disposes the stream. The VM must not be started meanwhile.
    /// </summary>
    /// <exception cref="StratusException"><c>VmNotFound</c>; <c>VmStateInvalid</c>: it is not off.</exception>
    Task<Stream> OpenDiskAsync(VmId vm, CancellationToken cancellationToken = default);
}

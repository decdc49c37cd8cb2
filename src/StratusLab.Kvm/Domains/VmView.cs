using System.Net;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Makes the VM that users see out of what the host told.</summary>
internal static class VmView
{
    public static VirtualMachine Of(string host, DomainView domain, VmState state, IReadOnlyList<IPAddress> addresses) => new()
    {
        Id = new VmId(host, domain.Uuid.ToString("D")),
        Name = domain.Name,
        State = state,
        Cpu = domain.Cpu,
        Memory = domain.Memory,
        Firmware = domain.Firmware,
        Architecture = domain.Architecture,
        IPAddresses = addresses,
        Disk = domain.Metadata?.Disk ?? default,
        Image = domain.Metadata is { ImageName: { } image } ? $"{image}:{domain.Metadata.ImageVersion}" : null,
        ImageDigest = domain.Metadata?.ImageDigest,
        DefaultUser = domain.Metadata?.DefaultUser,
        Size = domain.Metadata?.Size,
        Owner = domain.Metadata?.Owner,
        Site = domain.Metadata?.Site,
        Fleet = domain.Metadata?.Fleet,
        RequestId = domain.Metadata?.RequestId,
        Labels = domain.Metadata?.Labels ?? new Dictionary<string, string>(),
        CreatedAt = domain.Metadata?.CreatedAt,
        ExpiresAt = domain.Metadata?.ExpiresAt,
        PlacementReason = domain.Metadata?.PlacementReason,
    };

    public static VmState StateOf(DomainState state) => state switch
    {
        DomainState.Running or DomainState.Blocked => VmState.Running,
        DomainState.Paused or DomainState.PMSuspended => VmState.Suspended,
        DomainState.ShuttingDown => VmState.Stopping,
        DomainState.ShutOff => VmState.Stopped,
        DomainState.Crashed => VmState.Crashed,
        _ => VmState.Unknown,
    };
}

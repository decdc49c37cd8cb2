using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Reads a host's capacity and use.</summary>
internal sealed class HostInspector(HostConnection host, AcceleratorDecision accelerator, TimeProvider clock)
{
    public Task<HostStatus> InspectAsync(CancellationToken cancellationToken) =>
        host.CallAsync(connection => InspectAsync(connection, cancellationToken), cancellationToken);

    private async Task<HostStatus> InspectAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var node = connection.Node.GetInfoAsync(cancellationToken);
        var capabilities = connection.Node.GetCapabilitiesAsync(cancellationToken);
        var version = connection.Node.GetHypervisorVersionAsync(cancellationToken);
        var use = HostUse.ReadAsync(connection, cancellationToken);
        var storage = ReadStorageAsync(connection, cancellationToken);
        var decided = accelerator.GetAsync(cancellationToken);
        await Task.WhenAll(node, capabilities, version, use, storage, decided).ConfigureAwait(false);

        var machine = HostCapabilities.Parse(await capabilities.ConfigureAwait(false));
        var (info, problem) = await storage.ConfigureAwait(false);
        var hardware = await node.ConfigureAwait(false);
        var used = await use.ConfigureAwait(false);
        return new HostStatus
        {
            Host = host.Definition.Name,
            Health = problem is null ? HostHealth.Ready : HostHealth.Degraded,
            Problem = problem,
            MachineId = machine.Uuid,
            Architecture = machine.Architecture.Length > 0 ? machine.Architecture : hardware.Model,
            Hypervisor = $"{(host.Uri.Driver == "qemu" ? "QEMU" : host.Uri.Driver)} {await version.ConfigureAwait(false)}",
            Manager = $"libvirt {connection.ServerVersion}",
            Accelerator = await decided.ConfigureAwait(false),
            Cpu = hardware.Cpus,
            CpuAllocated = used.Cpu,
            Memory = new ByteSize((long)hardware.Memory << 10),
            MemoryAllocated = used.Memory,
            Storage = new ByteSize((long)info.Capacity),
            StorageFree = new ByteSize((long)info.Available),
            VmCount = used.VmCount,
            At = clock.GetUtcNow(),
        };
    }

    /// <summary>A host without its pool still answers: the pool is its problem, not the call's.</summary>
    private async Task<(StoragePoolInfo Info, string? Problem)> ReadStorageAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
            return (await connection.Pools.GetInfoAsync(pool.Ref, cancellationToken).ConfigureAwait(false), null);
        }
        catch (StratusException e)
        {
            return (default, e.Message);
        }
    }
}

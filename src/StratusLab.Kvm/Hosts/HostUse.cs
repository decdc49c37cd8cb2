using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>What VMs take of a host: those that run, whoever made them, and those of ours that could be started at any time.</summary>
internal readonly record struct HostUse(int Cpu, ByteSize Memory, int VmCount)
{
    public static async Task<HostUse> ReadAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var domains = await connection.Domains.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var cpu = 0;
        var memory = 0L;

        // In portions, so that thousands of VMs are not all in memory; the connection pipelines each portion.
        foreach (var portion in domains.Chunk(256))
        {
            foreach (var info in await Task.WhenAll(portion.Select(domain => TakenByAsync(connection, domain, cancellationToken))).ConfigureAwait(false))
            {
                cpu += info?.VirtualCpus ?? 0;
                memory += (long)(info?.MaximumMemory ?? 0) << 10;
            }
        }

        return new HostUse(cpu, new ByteSize(memory), domains.Count);
    }

    private static async Task<DomainInfo?> TakenByAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            var info = connection.Domains.GetInfoAsync(domain, cancellationToken);
            return domain.IsActive || await IsManagedAsync(connection, domain, cancellationToken).ConfigureAwait(false) ? await info.ConfigureAwait(false) : null;
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoDomain)
        {
            // Removed since it was listed.
            return null;
        }
    }

    private static async Task<bool> IsManagedAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Domains.GetMetadataAsync(domain, DomainMetadataType.Element, MetadataXml.Namespace, cancellationToken: cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoDomainMetadata)
        {
            return false;
        }
    }
}

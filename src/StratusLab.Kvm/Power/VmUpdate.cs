using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Changes what a VM's metadata says: labels and expiry.</summary>
internal sealed class VmUpdate(HostConnection host, VmInventory inventory)
{
    public async Task<VirtualMachine> UpdateAsync(VmId vm, VmChange change, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in change.Labels ?? new Dictionary<string, string>())
        {
            RequestRules.CheckText(name, "Labels");
            RequestRules.CheckText(value, $"Labels[{name}]");
        }

        await host.CallAsync(connection => WriteAsync(connection, vm, change, cancellationToken), cancellationToken).ConfigureAwait(false);
        return await inventory.FindAsync(vm.Key, cancellationToken).ConfigureAwait(false) ?? throw HostErrors.VmNotFound(host.Definition, vm.Key);
    }

    private async Task WriteAsync(LibvirtConnection connection, VmId vm, VmChange change, CancellationToken cancellationToken)
    {
        var (domain, view) = await DomainLookup.RequireManagedAsync(host.Definition, connection, vm.Key, cancellationToken).ConfigureAwait(false);
        var metadata = view.Metadata!;
        if (change.Labels is { } labels) metadata = metadata with { Labels = labels };
        if (change.ExpiresAt is { } expiry) metadata = metadata with { ExpiresAt = expiry == DateTimeOffset.MaxValue ? null : expiry };
        var status = await connection.Domains.GetStateAsync(domain, cancellationToken).ConfigureAwait(false);

        // A running domain has its metadata twice, and the definition is what is there after the next start.
        var affect = status.State is DomainState.ShutOff or DomainState.Crashed ? DomainAffectFlags.Config : DomainAffectFlags.Live | DomainAffectFlags.Config;
        await connection.Domains.SetMetadataAsync(
            domain, DomainMetadataType.Element, MetadataXml.Format(metadata), MetadataXml.Prefix, MetadataXml.Namespace, affect, cancellationToken).ConfigureAwait(false);
    }
}

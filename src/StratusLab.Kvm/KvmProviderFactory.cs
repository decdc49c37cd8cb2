using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Makes providers for hosts that libvirt manages: QEMU and KVM, and libvirt's own test driver, over each transport.</summary>
public sealed class KvmProviderFactory : IComputeProviderFactory
{
    private static readonly string[] Known =
        [.. from driver in (string[])["qemu", "test"] from transport in (string[])["", "+unix", "+tcp", "+tls", "+ssh"] select driver + transport];

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Schemes => Known;

    /// <inheritdoc/>
    public IComputeProvider Create(HostDefinition host, ICallJournal calls)
    {
        ArgumentNullException.ThrowIfNull(host);
        LibvirtUri uri;
        try
        {
            uri = LibvirtUri.Parse(host.Uri);
        }
        catch (FormatException e)
        {
            throw new InvalidInputException("InvalidHostUri", e.Message, "Uri", e);
        }

        if (string.IsNullOrWhiteSpace(host.Pool)) throw new InvalidInputException("InvalidPool", "The name of the storage pool is empty; 'default' is usual.", "Pool");
        if (string.IsNullOrWhiteSpace(host.Network)) throw new InvalidInputException("InvalidNetwork", "The name of the network is empty; 'default' is usual.", "Network");
        return new KvmProvider(host, uri);
    }
}

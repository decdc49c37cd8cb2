using System.Collections.Concurrent;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Remembers what the creation of one VM has made, and takes exactly that away when it fails.</summary>
internal sealed class Undo(LibvirtConnection connection, VolumePool pool, VmNames names)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentBag<string> _volumes = [];
    private DomainRef? _domain;

    public void Defined(DomainRef domain) => _domain = domain;

    /// <summary>Makes a volume. One of this name can only be what an earlier attempt at the same request left; it is replaced.</summary>
    public async Task MakeAsync(string name, string xml, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Volumes.CreateAsync(pool.Ref, xml, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (IsTaken(e) && names.Owns(name))
        {
            if (e.Code != LibvirtErrorCode.StorageVolExist) await connection.Pools.RefreshAsync(pool.Ref, cancellationToken).ConfigureAwait(false);
            await VolumeRemoval.DeleteAsync(connection, pool.Ref, name, cancellationToken).ConfigureAwait(false);
            await connection.Volumes.CreateAsync(pool.Ref, xml, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        _volumes.Add(name);
    }

    /// <summary>Takes away what was made. What the host does not let go is left to recovery.</summary>
    public async Task RunAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            if (_domain is { } domain) await DomainRemoval.UndefineAsync(connection, domain, patience.Token).ConfigureAwait(false);
            foreach (var volume in _volumes) await VolumeRemoval.DeleteAsync(connection, pool.Ref, volume, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LibvirtException or OperationCanceledException)
        {
            // The failure that led here is the one to tell; what is left is found by its names.
        }
    }

    private static bool IsTaken(LibvirtServerException error) =>
        error.Code == LibvirtErrorCode.StorageVolExist || error.Message.Contains("already exists", StringComparison.Ordinal);
}

using System.Collections.Concurrent;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Remembers which volumes one attempt at creating a VM has made, and takes exactly those away when it fails.</summary>
internal sealed class Undo(LibvirtConnection connection, VolumePool pool)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentBag<string> _volumes = [];

    /// <summary>Makes a volume.</summary>
    public async Task MakeAsync(string name, string xml, CancellationToken cancellationToken)
    {
        await connection.Volumes.CreateAsync(pool.Ref, xml, cancellationToken: cancellationToken).ConfigureAwait(false);
        _volumes.Add(name);
    }

    /// <summary>Takes away a volume too that somebody else makes.</summary>
    public void Include(string name) => _volumes.Add(name);

    /// <summary>Takes away what was made. What the host does not let go is left to recovery.</summary>
    public async Task RunAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            if (await DeleteAsync(patience.Token).ConfigureAwait(false)) return;

            // Another caller has removed them as leftovers. The log daemon may have made the console log anew since, unseen by the pool.
            await connection.Pools.RefreshAsync(pool.Ref, patience.Token).ConfigureAwait(false);
            await DeleteAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LibvirtException or OperationCanceledException)
        {
            // The failure that led here is the one to tell; what is left is found by its names.
        }
    }

    private async Task<bool> DeleteAsync(CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(_volumes.Select(volume => VolumeRemoval.DeleteAsync(connection, pool.Ref, volume, cancellationToken))).ConfigureAwait(false);
        return found.All(f => f);
    }
}

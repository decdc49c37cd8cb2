namespace StratusLab.Sdk;

/// <summary>
/// All that one catalogue knows, and the work that can be done with it. Safe for concurrent use; several processes may have
/// the same site open, and one process may have several sites open.
/// </summary>
public sealed class StratusSite : IAsyncDisposable
{
    private StratusSite() => throw new NotImplementedException();

    /// <summary>The site's name, written into every VM that it makes.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>The folder that holds it.</summary>
    public string Folder => throw new NotImplementedException();

    /// <summary>The hosts.</summary>
    public HostRegistry Hosts => throw new NotImplementedException();

    /// <summary>The local image store.</summary>
    public ImageLibrary Images => throw new NotImplementedException();

    /// <summary>The sizes.</summary>
    public SizeRegistry Sizes => throw new NotImplementedException();

    /// <summary>The VMs on all hosts.</summary>
    public VmService Vms => throw new NotImplementedException();

    /// <summary>Work inside guests.</summary>
    public GuestService Guests => throw new NotImplementedException();

    /// <summary>What was intended and what came of it.</summary>
    public SiteJournal Journal => throw new NotImplementedException();

    /// <summary>Opens a site, making its folder and catalogue if they are not there. No host is contacted.</summary>
    /// <exception cref="Core.StratusException">The catalogue is corrupt, of a newer version, or cannot be opened; nothing was changed.</exception>
    public static Task<StratusSite> OpenAsync(SiteOptions options, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>What the catalogue holds.</summary>
    public Task<SiteStatus> InspectAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Carries through or cleans up what processes left behind that ended in the middle of their work: one outcome per journal entry.</summary>
    public IAsyncEnumerable<RepairOutcome> RepairAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

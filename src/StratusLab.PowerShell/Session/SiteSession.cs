using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2;
using StratusLab.Kvm;
using StratusLab.Sdk;
using StratusLab.Sim;

namespace StratusLab.PowerShell;

/// <summary>
/// The sites that one runspace has open: opened by the first cmdlet that needs one, closed with the module or the runspace.
/// Cmdlets work on the site of <c>$STRATUS_HOME</c>; a script that changes it works on the other site from then on, while
/// jobs go on with theirs.
/// </summary>
internal sealed class SiteSession
{
    private static readonly ConditionalWeakTable<Runspace, SiteSession> Sessions = [];
    private readonly Dictionary<string, Task<StratusSite>> _sites = new(StringComparer.Ordinal);

    // Sites that others took over from. Jobs may still read from them.
    private readonly List<StratusSite> _lost = [];

    private SiteSession(Runspace runspace) => runspace.StateChanged += CloseWithRunspace;

    /// <summary>The session of the calling thread's runspace.</summary>
    public static SiteSession Current => Sessions.GetValue(Runspace.DefaultRunspace, runspace => new SiteSession(runspace));

    /// <summary>What was learned for completion, by its source.</summary>
    public CompletionCache Completions { get; } = new();

    /// <summary>Closes the sites of the calling thread's runspace.</summary>
    public static void CloseCurrent()
    {
        if (Runspace.DefaultRunspace is not { } runspace || !Sessions.TryGetValue(runspace, out var session)) return;
        runspace.StateChanged -= session.CloseWithRunspace;
        Sessions.Remove(runspace);
        PipelineBridge.Finish(session.CloseAsync());
    }

    /// <summary>The site in use, opened if it is not yet; opened anew after another process took over from this one.</summary>
    public async Task<StratusSite> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (key, opening) = Open();
            var site = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!site.IsLost) return site;
            lock (_sites)
            {
                if (_sites.TryGetValue(key, out var current) && current == opening && _sites.Remove(key)) _lost.Add(site);
            }
        }
    }

    private (string Key, Task<StratusSite> Site) Open()
    {
        var folder = SiteFolder.Default;
        var database = SiteFolder.DefaultDatabase;
        var key = $"{folder}\n{database}";
        lock (_sites)
        {
            if (!_sites.TryGetValue(key, out var site) || site.IsFaulted)
            {
                // Not under the first caller's token: the site is for all callers.
                site = StratusSite.OpenAsync(new SiteOptions { Folder = folder, Database = database, Providers = Providers() }, CancellationToken.None);
                _sites[key] = site;
            }

            return (key, site);
        }
    }

    private static IReadOnlyList<IComputeProviderFactory> Providers() => [new KvmProviderFactory(), new Ec2ProviderFactory(), new SimProviderFactory()];

    private void CloseWithRunspace(object? sender, RunspaceStateEventArgs e)
    {
        if (e.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken) PipelineBridge.Finish(CloseAsync());
    }

    private async Task CloseAsync()
    {
        Task<StratusSite>[] sites;
        StratusSite[] lost;
        lock (_sites)
        {
            (sites, lost) = ([.. _sites.Values], [.. _lost]);
            _sites.Clear();
            _lost.Clear();
        }

        foreach (var site in lost) await site.DisposeAsync().ConfigureAwait(false);

        foreach (var opening in sites)
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully) await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }
}

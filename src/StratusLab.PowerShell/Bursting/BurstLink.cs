using System.Management.Automation;
using StratusLab.Core;
using StratusLab.GridEngine;
using StratusLab.Sdk;
using StratusLab.Slurm;

namespace StratusLab.PowerShell;

/// <summary>A burst's batch system and what it asks for, as the user named them: the one place where batch systems and the site are put together.</summary>
internal sealed class BurstLink : IAsyncDisposable
{
    private readonly SlurmSpoolRequests? _spool;

    private BurstLink(IBatchSystem batchSystem, SlurmSpoolRequests? spool)
    {
        BatchSystem = batchSystem;
        _spool = spool;
    }

    public IBatchSystem BatchSystem { get; }

    /// <summary>Slurm, and the folder of its hook unless that is null.</summary>
    public static BurstLink ToSlurm(string? configuration, string? spoolFolder) => new(
        new SlurmBatchSystem(new SlurmOptions { ConfigurationFile = configuration }), spoolFolder is null ? null : new SlurmSpoolRequests(spoolFolder));

    /// <summary>Grid Engine, which asks for no nodes: the controller launches those of the queue by itself.</summary>
    public static BurstLink ToGridEngine(string burstQueue) => new(new GridEngineBatchSystem(new GridEngineOptions { BurstQueue = burstQueue }), null);

    /// <summary>Whatever a script tells of.</summary>
    public static BurstLink ToScript(ScriptBlock script, string folder) => new(new ScriptBatchSystem(script, folder, TimeProvider.System), null);

    /// <summary>With what a burst is controlled.</summary>
    public BurstOptions OptionsFor(BurstDefinition definition, string? userData) => new()
    {
        Definition = definition,
        BatchSystem = BatchSystem,
        Requests = _spool,
        UserData = userData,
        NodesRegister = BatchSystem is not ScriptBatchSystem,
    };

    public async ValueTask DisposeAsync()
    {
        if (_spool is not null) await _spool.DisposeAsync().ConfigureAwait(false);
        await BatchSystem.DisposeAsync().ConfigureAwait(false);
    }
}

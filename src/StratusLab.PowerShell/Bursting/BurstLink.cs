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
    public static BurstLink ToGridEngine(string burstQueue, string? hostsFile) => new(new GridEngineBatchSystem(new GridEngineOptions { BurstQueue = burstQueue, HostsFile = hostsFile }), null);

    /// <summary>Whatever a script tells of.</summary>
    public static BurstLink ToScript(ScriptBlock script, string folder) => new(new ScriptBatchSystem(script, folder, TimeProvider.System), null);

    /// <summary>Makes sure that Grid Engine answers and has the queues that the user named; for other batch systems nothing is to be checked.</summary>
    /// <exception cref="StratusException"><c>BurstQueueNotFound</c>: with the parameter; or Grid Engine does not answer.</exception>
    public async Task CheckQueuesAsync(string localQueue, string burstQueue, CancellationToken cancellationToken)
    {
        if (BatchSystem is not GridEngineBatchSystem engine) return;
        var queues = await engine.ListQueuesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (parameter, queue) in ((string, string)[])[("LocalQueue", localQueue), ("BurstQueue", burstQueue)])
        {
            if (queues.Contains(queue, StringComparer.Ordinal)) continue;
            var remedy = parameter == "BurstQueue" ? " New-StratusGridEngineConfig writes a script that makes one." : string.Empty;
            throw new InvalidInputException("BurstQueueNotFound", $"-{parameter} is '{queue}', and Grid Engine has no queue of that name. It has: {string.Join(", ", queues)}.{remedy}", parameter);
        }
    }

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

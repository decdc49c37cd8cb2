using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Ends a burst: as its nodes become free, or at once.</summary>
[Cmdlet(VerbsLifecycle.Stop, "StratusBurst", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByDrain)]
[OutputType(typeof(BurstStatus))]
public sealed class StopStratusBurstCommand : StratusCmdlet
{
    private const string ByDrain = "Drain";
    private const string ByForce = "Force";

    /// <summary>Names of bursts, with wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(BurstNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Let no more jobs on, and give nodes back as they become free.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByDrain)]
    public SwitchParameter Drain { get; set; }

    /// <summary>Give all nodes back at once, and end the jobs on them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByForce)]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            foreach (var burst in await FindAsync(site, Name, pipeline, cancel).ConfigureAwait(false))
            {
                var action = Force ? $"Remove its {burst.NodeCount} nodes and end the jobs on them" : $"Drain its {burst.NodeCount} nodes";
                if (!await pipeline.ShouldProcessAsync($"burst '{burst.Name}' on host '{burst.Definition.HostName}'", action).ConfigureAwait(false)) continue;
                await site.Bursts.StopAsync(burst.Name, Force, cancel).ConfigureAwait(false);
                if (burst.Controller is null) await EndAsync(burst, site, pipeline, cancel).ConfigureAwait(false);
                await foreach (var now in site.Bursts.ListAsync(cancel).ConfigureAwait(false))
                    if (now.Name == burst.Name) await pipeline.WriteAsync(now).ConfigureAwait(false);
            }
        });

    internal static async Task<IReadOnlyList<BurstStatus>> FindAsync(StratusSite site, IEnumerable<string> names, IPipeline pipeline, CancellationToken cancellationToken)
    {
        var patterns = new NamePatterns(names);
        var bursts = new List<BurstStatus>();
        await foreach (var burst in site.Bursts.ListAsync(cancellationToken).ConfigureAwait(false))
            if (patterns.Match(burst.Name)) bursts.Add(burst);
        foreach (var name in patterns.Unmatched) await pipeline.WriteErrorAsync(ErrorRecords.BurstNotFound(name)).ConfigureAwait(false);
        return bursts;
    }

    // Nobody else would do it.
    private async Task EndAsync(BurstStatus burst, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (burst.NodeCount > 0 && !Force)
        {
            await pipeline.WriteWarningAsync(
                $"No controller looks after the burst '{burst.Name}', so its {burst.NodeCount} nodes cannot be drained now. Start it again with Start-StratusBurst, which goes on with the drain, or remove them at once with -Force. Until then a node with a lease ends when that runs out and no job runs on it.").ConfigureAwait(false);
            return;
        }

        var controller = await site.Bursts.ResumeStopAsync(new BurstOptions { Definition = burst.Definition, BatchSystem = AbsentBatchSystem.Instance }, cancellationToken).ConfigureAwait(false);
        await using (controller.ConfigureAwait(false))
        {
            using var progress = new ProgressSink(pipeline);
            await foreach (var tick in controller.WatchAsync(cancellationToken).ConfigureAwait(false))
                progress.Report(new SiteProgress($"Ending burst '{burst.Name}'", Math.Max(0, burst.NodeCount - tick.NodeCount), burst.NodeCount, null, null));
        }
    }
}

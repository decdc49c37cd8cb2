using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Shows what was decided of each waiting job and idle node, and why.</summary>
[Cmdlet(VerbsCommon.Get, "StratusBurstPlan")]
[OutputType(typeof(BurstPlanEntry))]
public sealed class GetStratusBurstPlanCommand : StratusCmdlet
{
    /// <summary>Names of bursts, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(BurstNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Jobs, with wildcards.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? JobId { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            var jobs = JobId is null ? null : new NamePatterns(JobId);
            foreach (var burst in await StopStratusBurstCommand.FindAsync(site, Name, pipeline, cancel).ConfigureAwait(false))
            {
                await foreach (var entry in site.Bursts.ListPlanAsync(burst.Name, cancel).ConfigureAwait(false))
                    if (jobs is null || (entry.JobId is { } job && jobs.Match(job))) await pipeline.WriteAsync(entry).ConfigureAwait(false);
            }
        });
}

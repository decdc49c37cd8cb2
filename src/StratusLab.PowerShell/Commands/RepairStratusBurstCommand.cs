using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Lets a burst forget what failed: classes that are closed, nodes in quarantine, a halt after a refusal.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "StratusBurst", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(BurstNodeRecord))]
public sealed class RepairStratusBurstCommand : StratusCmdlet
{
    /// <summary>Names of bursts, with wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(BurstNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            foreach (var burst in await StopStratusBurstCommand.FindAsync(site, Name, pipeline, cancel).ConfigureAwait(false))
            {
                if (!await pipeline.ShouldProcessAsync($"burst '{burst.Name}'", "Forget failures and release nodes from quarantine").ConfigureAwait(false)) continue;
                try
                {
                    foreach (var node in await site.Bursts.RepairAsync(burst.Name, cancel).ConfigureAwait(false)) await pipeline.WriteAsync(node).ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    await pipeline.WriteErrorAsync(e.ToErrorRecord(burst.Name)).ConfigureAwait(false);
                }
            }
        });
}

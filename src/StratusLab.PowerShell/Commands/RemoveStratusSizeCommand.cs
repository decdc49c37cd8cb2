using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Removes sizes of the site's own.</summary>
[Cmdlet(VerbsCommon.Remove, "StratusSize", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveStratusSizeCommand : StratusCmdlet
{
    /// <summary>Names of sizes, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SizeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            foreach (var size in await GetStratusSizeCommand.FindAsync(site, Name, pipeline, cancel).ConfigureAwait(false))
            {
                if (!await pipeline.ShouldProcessAsync($"size '{size.Name}'", "Remove").ConfigureAwait(false)) continue;
                try
                {
                    await site.Sizes.RemoveAsync(size.Name, cancel).ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    await pipeline.WriteErrorAsync(e.ToErrorRecord(size)).ConfigureAwait(false);
                }
            }
        });
}

using System.Management.Automation;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Removes sizes of the site's own.</summary>
[Cmdlet(VerbsCommon.Remove, "StratusSize", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
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
            await foreach (var size in FindAsync(site, pipeline, cancel).ConfigureAwait(false))
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

    private async IAsyncEnumerable<VmSize> FindAsync(StratusSite site, IPipeline pipeline, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var patterns = new NamePatterns(Name);
        await foreach (var size in site.Sizes.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (GetStratusSizeCommand.Matches(patterns, size)) yield return size;
        }

        foreach (var name in patterns.Unmatched) await pipeline.WriteErrorAsync(ErrorRecords.SizeNotFound(name)).ConfigureAwait(false);
    }
}

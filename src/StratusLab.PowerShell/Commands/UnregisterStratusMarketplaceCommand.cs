using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Makes the site forget marketplaces; what was received from them stays.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "StratusMarketplace", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class UnregisterStratusMarketplaceCommand : StratusCmdlet
{
    /// <summary>Names of marketplaces, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(MarketplaceNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            var patterns = new NamePatterns(Name);
            await foreach (var marketplace in site.Marketplaces.ListAsync(cancel).ConfigureAwait(false))
            {
                if (!patterns.Match(marketplace.Name)) continue;
                if (!await pipeline.ShouldProcessAsync($"marketplace '{marketplace.Name}' at {marketplace.Uri}", "Forget").ConfigureAwait(false)) continue;
                try
                {
                    await site.Marketplaces.UnregisterAsync(marketplace.Name, cancel).ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    await pipeline.WriteErrorAsync(e.ToErrorRecord(marketplace.Name)).ConfigureAwait(false);
                }
            }

            foreach (var name in patterns.Unmatched) await pipeline.WriteErrorAsync(ErrorRecords.MarketplaceNotFound(name)).ConfigureAwait(false);
        });
}

using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Lists the marketplaces of the site.</summary>
[Cmdlet(VerbsCommon.Get, "StratusMarketplace")]
[OutputType(typeof(Marketplace))]
public sealed class GetStratusMarketplaceCommand : StratusCmdlet
{
    /// <summary>Names of marketplaces, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(MarketplaceNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        WriteMatches(Name, (site, cancel) => site.Marketplaces.ListAsync(cancel), (patterns, marketplace) => patterns.Match(marketplace.Name), ErrorRecords.MarketplaceNotFound);
}

using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Shows the site in use: where it is, what it holds, and what was left unfinished.</summary>
[Cmdlet(VerbsCommon.Get, "StratusSite")]
[OutputType(typeof(SiteStatus))]
public sealed class GetStratusSiteCommand : StratusCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() =>
        Run(async (pipeline, site, cancel) => await pipeline.WriteAsync(await site.InspectAsync(cancel).ConfigureAwait(false)).ConfigureAwait(false));
}

using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Shows which images the site launches.</summary>
[Cmdlet(VerbsCommon.Get, "StratusImagePolicy")]
[OutputType(typeof(ImagePolicy))]
public sealed class GetStratusImagePolicyCommand : StratusCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) => await pipeline.WriteAsync(await site.Trust.GetPolicyAsync(cancel).ConfigureAwait(false)).ConfigureAwait(false));
}

using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Takes the pins of endorsers away.</summary>
[Cmdlet(VerbsCommon.Remove, "StratusEndorser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveStratusEndorserCommand : StratusCmdlet
{
    /// <summary>Names of endorsers, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(EndorserNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            var patterns = new NamePatterns(Name);
            foreach (var endorser in await site.Trust.ListEndorsersAsync(cancel).ConfigureAwait(false))
            {
                if (!patterns.Match(endorser.Name)) continue;
                if (!await pipeline.ShouldProcessAsync($"endorser '{endorser.Name}' ({endorser.Certificate.Subject})", "Remove").ConfigureAwait(false)) continue;
                try
                {
                    await site.Trust.RemoveEndorserAsync(endorser.Name, cancel).ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    await pipeline.WriteErrorAsync(e.ToErrorRecord(endorser)).ConfigureAwait(false);
                }
            }

            foreach (var name in patterns.Unmatched) await pipeline.WriteErrorAsync(ErrorRecords.EndorserNotFound(name)).ConfigureAwait(false);
        });
}

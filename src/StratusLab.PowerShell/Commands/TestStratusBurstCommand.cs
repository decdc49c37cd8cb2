using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Checks what a burst needs, and says how to get what is missing; with a canary it launches one node and removes it again.</summary>
[Cmdlet(VerbsDiagnostic.Test, "StratusBurst", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByBatchSystem)]
[OutputType(typeof(HostCheck))]
public sealed class TestStratusBurstCommand : BurstCommand
{
    /// <summary>Launch one node, see it run, and remove it.</summary>
    [Parameter]
    public SwitchParameter Canary { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => RunOrStart(async (pipeline, site, cancel) =>
    {
        var definition = await DefineAsync(site, cancel).ConfigureAwait(false);
        var action = Canary ? "Check, launch one node and remove it" : "Check";
        if (!await pipeline.ShouldProcessAsync($"host '{HostName}'", action).ConfigureAwait(false)) return;
        var link = Link();
        await using (link.ConfigureAwait(false))
        {
            try
            {
                await link.CheckQueuesAsync(LocalQueue, BurstQueue, cancel).ConfigureAwait(false);
            }
            catch (StratusException e) when (e is not InvalidInputException)
            {
                // That the batch system does not answer is told by its check.
            }

            await foreach (var check in site.Bursts.TestAsync(link.OptionsFor(definition, null), Canary, cancel).ConfigureAwait(false))
                await pipeline.WriteAsync(check).ConfigureAwait(false);
        }
    });
}

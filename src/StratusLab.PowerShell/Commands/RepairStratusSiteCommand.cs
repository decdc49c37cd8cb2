using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Carries through or cleans up what was interrupted.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "StratusSite", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(RepairOutcome))]
public sealed class RepairStratusSiteCommand : StratusCmdlet
{
    private int _settled;
    private bool _ended = true;

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        Run(async (pipeline, site, cancel) =>
        {
            var status = await site.InspectAsync(cancel).ConfigureAwait(false);
            if (!await pipeline.ShouldProcessAsync($"site '{status.Name}' in {status.Folder}", $"Settle {status.InterruptedIntents} interrupted intents").ConfigureAwait(false)) return;
            _ended = false;
            await foreach (var outcome in site.RepairAsync(cancel).ConfigureAwait(false))
            {
                _settled++;
                await pipeline.WriteAsync(outcome).ConfigureAwait(false);
                if (outcome.Error is { } error) await pipeline.WriteErrorAsync(error.ToErrorRecord(outcome.Entry.Target)).ConfigureAwait(false);
            }

            _ended = true;
        });

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_ended ? null : $"Repair-StratusSite was stopped after {_settled} intents; the others stay in the journal and are settled by the next repair.");
}

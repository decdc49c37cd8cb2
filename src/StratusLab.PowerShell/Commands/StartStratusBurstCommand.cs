using System.Globalization;
using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Grows the centre onto another host while demand peaks, until it is stopped.</summary>
[Cmdlet(VerbsLifecycle.Start, "StratusBurst", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByBatchSystem)]
[OutputType(typeof(BurstTransition))]
public sealed class StartStratusBurstCommand : BurstCommand
{
    private const int ActivityId = 2;
    private string? _running;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        BurstDefinition? definition = null;
        string? userData = null;
        Run(async (pipeline, site, cancel) =>
        {
            var burst = await DefineAsync(site, cancel).ConfigureAwait(false);
            if (burst.Policy.DailyBudget is not { } budget)
                throw new InvalidInputException("BurstBudgetMissing", $"The burst '{Name}' does not start without a budget. Say with -DailyBudget what may be spent in a day, in US dollars.", nameof(DailyBudget));
            userData = UserData is null ? null : await TextSource.ReadAsync(UserData, nameof(UserData), p => FullPathOf(p)!, ["#!", "#cloud-config", "Content-Type:"], cancel).ConfigureAwait(false);
            var action = string.Create(CultureInfo.InvariantCulture, $"Start with {budget:0.00} USD a day and up to {burst.Policy.MaxNodes} nodes");
            if (await pipeline.ShouldProcessAsync($"burst '{Name}' on host '{HostName}'", action).ConfigureAwait(false)) definition = burst;
        });
        if (definition is not null) RunOrStart((pipeline, site, cancel) => ControlAsync(definition, userData, pipeline, site, cancel));
    }

    private async Task ControlAsync(BurstDefinition definition, string? userData, IPipeline pipeline, StratusSite site, CancellationToken cancellationToken)
    {
        var link = Link();
        await using (link.ConfigureAwait(false))
        {
            await link.CheckQueuesAsync(LocalQueue, BurstQueue, cancellationToken).ConfigureAwait(false);
            var controller = await site.Bursts.StartAsync(link.OptionsFor(definition, userData), cancellationToken).ConfigureAwait(false);
            await using (controller.ConfigureAwait(false))
            {
                _running = Name;
                var told = new HashSet<string>(StringComparer.Ordinal);
                var isFirst = true;
                await foreach (var tick in controller.WatchAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (isFirst && tick.State is not BurstRunState.Running)
                        await pipeline.WriteWarningAsync($"A stop of the burst '{Name}' was under way, and is brought to its end. Start it again after that to go on with it.").ConfigureAwait(false);
                    isFirst = false;
                    Show(tick, pipeline);
                    foreach (var step in tick.Transitions) await pipeline.WriteAsync(step).ConfigureAwait(false);

                    // A problem that lasts is told once.
                    foreach (var problem in tick.Problems.Where(p => !told.Contains(p)).Distinct(StringComparer.Ordinal)) await pipeline.WriteWarningAsync(problem).ConfigureAwait(false);
                    told = tick.Problems.ToHashSet(StringComparer.Ordinal);
                }

                _running = null;
            }
        }
    }

    private static void Show(BurstTick tick, IPipeline pipeline)
    {
        var money = string.Create(CultureInfo.InvariantCulture, $"{tick.Budget.Spent:0.00} of {tick.Budget.DailyCap:0.00} USD spent today, {tick.Budget.Committed - tick.Budget.Spent:0.00} reserved");
        pipeline.ReportProgress(new ProgressRecord(ActivityId, $"Burst {tick.State}", $"{tick.ReadyCount} of {tick.NodeCount} nodes ready, {tick.PendingJobs?.ToString(CultureInfo.InvariantCulture) ?? "?"} jobs wait")
        {
            CurrentOperation = money,
            PercentComplete = (int)Math.Clamp(tick.Budget.DailyCap > 0 ? tick.Budget.Spent * 100 / tick.Budget.DailyCap : 0, 0, 100),
        });
    }

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) => Task.FromResult(
        _running is { } name
            ? $"The burst '{name}' is not looked after any more: its nodes stay as they are, and go on with their jobs until their lease runs out. "
                + $"Start it again with the same command, after Stop-StratusBurst {name} -Drain if it is only to be drained, or end it at once with Stop-StratusBurst {name} -Force. Get-StratusBurstNode shows what is there."
            : null);
}

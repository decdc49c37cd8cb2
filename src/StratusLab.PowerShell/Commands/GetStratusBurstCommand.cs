using System.Globalization;
using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Shows bursts: their nodes, their money, and what hinders them.</summary>
[Cmdlet(VerbsCommon.Get, "StratusBurst")]
[OutputType(typeof(BurstStatus))]
public sealed class GetStratusBurstCommand : StratusCmdlet
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Names of bursts, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(BurstNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Write a burst again whenever it has changed, until stopped.</summary>
    [Parameter]
    public SwitchParameter Watch { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Watch)
        {
            Run(WatchAsync);
            return;
        }

        WriteMatches(Name, (site, cancel) => site.Bursts.ListAsync(cancel), (patterns, burst) => patterns.Match(burst.Name), ErrorRecords.BurstNotFound);
    }

    private async Task WatchAsync(IPipeline pipeline, StratusSite site, CancellationToken cancellationToken)
    {
        var last = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            foreach (var burst in await StopStratusBurstCommand.FindAsync(site, Name, pipeline, cancellationToken).ConfigureAwait(false))
            {
                var seen = string.Create(CultureInfo.InvariantCulture, $"{burst.State} {string.Join(' ', burst.Nodes.Select(n => $"{n.Key}={n.Value}"))} {burst.GrantCount} {burst.SpentToday:0.00} {burst.ReservedToday:0.00} {burst.Controller} {burst.Problem}");
                if (last.GetValueOrDefault(burst.Name) == seen) continue;
                last[burst.Name] = seen;
                await pipeline.WriteAsync(burst).ConfigureAwait(false);
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }
}

using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Tells what bursting would have done for a workload, and cost.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "StratusBurst", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SimulationResult))]
public sealed class MeasureStratusBurstCommand : StratusCmdlet
{
    /// <summary>The trace: a file in the Standard Workload Format, or of <c>sacct --parsable2</c>; either may be compressed with gzip.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "Path")]
    [ValidateNotNullOrEmpty]
    public string Trace { get; set; } = string.Empty;

    /// <summary>The policies to compare: objects, names of presets, or JSON files.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public object[] Policy { get; set; } = [nameof(BurstPolicy.Immediate), nameof(BurstPolicy.PredictedWait)];

    /// <summary>What may be spent in a day; each amount is tried with each policy. Left out, what the policies say.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public decimal[]? DailyBudget { get; set; }

    /// <summary>Nodes of the centre; left out, as many as the trace's centre had.</summary>
    [Parameter]
    [ValidateRange(0, 1_000_000)]
    public int? LocalNodes { get; set; }

    /// <summary>The most burst nodes at once; left out, what the policies say.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? MaxNodes { get; set; }

    /// <summary>What a burst node costs for an hour.</summary>
    [Parameter]
    public decimal NodePrice { get; set; } = 1;

    /// <summary>Processors of a node, by which the processors of a trace become nodes.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int ProcessorsPerNode { get; set; } = 1;

    /// <summary>A file for the picture of how queue, nodes and spending went.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SvgPath { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var path = FullPathOf(Trace)!;
        var picture = FullPathOf(SvgPath);
        object[] asked = [.. Policy.Select(p => p is PSObject wrapped ? wrapped.BaseObject : p)];
        var files = asked.ToDictionary(p => p, p => p is string text ? FullPathOf(text) : null, ReferenceEqualityComparer.Instance);
        Run(async (pipeline, cancel) =>
        {
            if (NodePrice < 0) throw new InvalidInputException("InvalidNodePrice", $"{NodePrice} is no price; use 0 or more.", nameof(NodePrice));
            List<BurstPolicy?> policies = [null];
            foreach (var policy in asked) policies.AddRange(Variants(await PolicySource.ReadAsync(policy, files[policy], cancel).ConfigureAwait(false)));
            foreach (var policy in policies) policy?.Validate();
            var trace = await WorkloadTrace.LoadAsync(path, cancel).ConfigureAwait(false);
            if (LocalNodes is null && trace.MaxNodes is null)
                throw new InvalidInputException("LocalNodesUnknown", $"The trace '{Trace}' does not tell how many nodes its centre has. Say it with -LocalNodes.", nameof(LocalNodes));
            if (trace.SkippedCount > 0) await pipeline.WriteVerboseAsync($"{trace.SkippedCount} records of '{Trace}' are of jobs that did not run, and were passed over.").ConfigureAwait(false);
            var options = new SimulationOptions { LocalNodes = LocalNodes, ProcessorsPerNode = ProcessorsPerNode, NodePrice = NodePrice };
            var results = await BurstSimulation.CompareAsync(trace, policies, options, cancel).ConfigureAwait(false);
            foreach (var result in results) await pipeline.WriteAsync(result).ConfigureAwait(false);
            if (picture is not null && await pipeline.ShouldProcessAsync(picture, "Write picture").ConfigureAwait(false))
                await File.WriteAllTextAsync(picture, SimulationPicture.Draw(results), cancel).ConfigureAwait(false);
        });
    }

    private IEnumerable<BurstPolicy> Variants(BurstPolicy policy)
    {
        var sized = policy with { MaxNodes = MaxNodes ?? policy.MaxNodes };
        return DailyBudget is null ? [sized] : DailyBudget.Select(budget => sized with { DailyBudget = budget });
    }
}

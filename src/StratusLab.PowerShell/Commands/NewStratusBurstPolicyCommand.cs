using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Makes a burst policy from a preset.</summary>
[Cmdlet(VerbsCommon.New, "StratusBurstPolicy", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(BurstPolicy))]
public sealed class NewStratusBurstPolicyCommand : StratusCmdlet
{
    /// <summary>What to begin with.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("PredictedWait", "Immediate", "Threshold", "Advise")]
    public string Preset { get; set; } = "PredictedWait";

    /// <summary>Its name; by default that of the preset.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Who starts work on burst nodes.</summary>
    [Parameter]
    [ValidateSet(nameof(BurstMode.Pull), nameof(BurstMode.Hook), nameof(BurstMode.Advise))]
    public string? Mode { get; set; }

    /// <summary>The most that may be spent in a day.</summary>
    [Parameter]
    public decimal? DailyBudget { get; set; }

    /// <summary>The most burst nodes at once.</summary>
    [Parameter]
    public int? MaxNodes { get; set; }

    /// <summary>The part of a day's budget that one job may cost, above 0 to 1.</summary>
    [Parameter]
    public double? MaxJobBudgetShare { get; set; }

    /// <summary>From which priority on jobs are let on while the budget runs out.</summary>
    [Parameter]
    public double? PriorityFrom { get; set; }

    /// <summary>The wait up to which no job bursts.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? WaitThreshold { get; set; }

    /// <summary>How long a job bears to wait for each node-hour that it might cost.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? WaitPerNodeHour { get; set; }

    /// <summary>How long an idle node is held for the next job.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? IdleHold { get; set; }

    /// <summary>The longest that a burst node lives.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? MaxLifetime { get; set; }

    /// <summary>The JSON file to write.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var path = FullPathOf(Path);
        Run(async (pipeline, cancel) =>
        {
            var policy = Make();
            policy.Validate();
            if (path is not null && await pipeline.ShouldProcessAsync(path, "Write burst policy").ConfigureAwait(false))
                await BurstPolicyFile.SaveAsync(policy, path, Force, cancel).ConfigureAwait(false);
            await pipeline.WriteAsync(policy).ConfigureAwait(false);
        });
    }

    private BurstPolicy Make()
    {
        var preset = BurstPolicy.Preset(Preset);
        return preset with
        {
            Name = Name ?? preset.Name,
            Mode = Mode is null ? preset.Mode : Enum.Parse<BurstMode>(Mode, ignoreCase: true),
            DailyBudget = DailyBudget ?? preset.DailyBudget,
            MaxNodes = MaxNodes ?? preset.MaxNodes,
            MaxJobBudgetShare = MaxJobBudgetShare ?? preset.MaxJobBudgetShare,
            PriorityFrom = PriorityFrom ?? preset.PriorityFrom,
            WaitThreshold = WaitThreshold ?? preset.WaitThreshold,
            WaitPerNodeHour = WaitPerNodeHour ?? preset.WaitPerNodeHour,
            IdleHold = IdleHold ?? preset.IdleHold,
            MaxLifetime = MaxLifetime ?? preset.MaxLifetime,
        };
    }
}

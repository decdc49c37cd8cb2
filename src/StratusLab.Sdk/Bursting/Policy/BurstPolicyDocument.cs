using System.Text.Json;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A policy as its JSON has it: what is not there is as in the preset.</summary>
internal sealed class BurstPolicyDocument
{
    public string? Preset { get; set; }

    public string? Name { get; set; }

    public BurstMode? Mode { get; set; }

    public BurstRule? Rule { get; set; }

    public decimal? DailyBudget { get; set; }

    public int? MaxNodes { get; set; }

    public double? MaxJobBudgetShare { get; set; }

    public double? WarnShare { get; set; }

    public double? PriorityFrom { get; set; }

    public double? SmallJobShare { get; set; }

    public bool? EnforceHard { get; set; }

    public TimeSpan? WaitThreshold { get; set; }

    public TimeSpan? WaitPerNodeHour { get; set; }

    public int? PlanDepth { get; set; }

    public TimeSpan? IdleHold { get; set; }

    public TimeSpan? BootTime { get; set; }

    public TimeSpan? LaunchTimeout { get; set; }

    public TimeSpan? BootTimeout { get; set; }

    public TimeSpan? OrphanGrace { get; set; }

    public TimeSpan? CapacityBackoff { get; set; }

    public TimeSpan? CapacityBackoffMax { get; set; }

    public TimeSpan? CapacityBackoffReset { get; set; }

    public int? OnDemandAfterFailures { get; set; }

    public TimeSpan? OnDemandAfter { get; set; }

    public int? MinSpotTypes { get; set; }

    public int? BreakerFailures { get; set; }

    public TimeSpan? Tick { get; set; }

    public TimeSpan? Reconcile { get; set; }

    public TimeSpan? LaunchWindow { get; set; }

    public TimeSpan? LaunchWindowMax { get; set; }

    public TimeSpan? MaxLifetime { get; set; }

    public TimeSpan? Lease { get; set; }

    public long? MaxDataPerJobBytes { get; set; }

    public string? LocalPartition { get; set; }

    public string? BurstPartition { get; set; }

    public static BurstPolicy Read(string json)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, BurstPolicyJson.Default.BurstPolicyDocument) ?? throw new JsonException("It is null.");
            return document.Over(document.Preset is { } preset ? BurstPolicy.Preset(preset) : BurstPolicy.PredictedWait);
        }
        catch (JsonException e)
        {
            var field = e.Path is { Length: > 2 } path ? path[2..] : "its JSON";
            throw BurstPolicyValidation.Invalid(field, $"{e.Message.Split(" Path:")[0].TrimEnd('.')}; durations are written as \"00:10:00\"", (int?)e.LineNumber + 1, e);
        }
    }

    public static string Write(BurstPolicy policy) => JsonSerializer.Serialize(Of(policy), BurstPolicyJson.Default.BurstPolicyDocument);

    private static BurstPolicyDocument Of(BurstPolicy p) => new()
    {
        Name = p.Name,
        Mode = p.Mode,
        Rule = p.Rule,
        DailyBudget = p.DailyBudget,
        MaxNodes = p.MaxNodes,
        MaxJobBudgetShare = p.MaxJobBudgetShare,
        WarnShare = p.WarnShare,
        PriorityFrom = p.PriorityFrom,
        SmallJobShare = p.SmallJobShare,
        EnforceHard = p.EnforceHard,
        WaitThreshold = p.WaitThreshold,
        WaitPerNodeHour = p.WaitPerNodeHour,
        PlanDepth = p.PlanDepth,
        IdleHold = p.IdleHold,
        BootTime = p.BootTime,
        LaunchTimeout = p.LaunchTimeout,
        BootTimeout = p.BootTimeout,
        OrphanGrace = p.OrphanGrace,
        CapacityBackoff = p.CapacityBackoff,
        CapacityBackoffMax = p.CapacityBackoffMax,
        CapacityBackoffReset = p.CapacityBackoffReset,
        OnDemandAfterFailures = p.OnDemandAfterFailures,
        OnDemandAfter = p.OnDemandAfter,
        MinSpotTypes = p.MinSpotTypes,
        BreakerFailures = p.BreakerFailures,
        Tick = p.Tick,
        Reconcile = p.Reconcile,
        LaunchWindow = p.LaunchWindow,
        LaunchWindowMax = p.LaunchWindowMax,
        MaxLifetime = p.MaxLifetime,
        Lease = p.Lease,
        MaxDataPerJobBytes = p.MaxDataPerJob.Bytes,
        LocalPartition = p.LocalPartition,
        BurstPartition = p.BurstPartition,
    };

    private BurstPolicy Over(BurstPolicy p) => p with
    {
        Name = Name ?? p.Name,
        Mode = Mode ?? p.Mode,
        Rule = Rule ?? p.Rule,
        DailyBudget = DailyBudget ?? p.DailyBudget,
        MaxNodes = MaxNodes ?? p.MaxNodes,
        MaxJobBudgetShare = MaxJobBudgetShare ?? p.MaxJobBudgetShare,
        WarnShare = WarnShare ?? p.WarnShare,
        PriorityFrom = PriorityFrom ?? p.PriorityFrom,
        SmallJobShare = SmallJobShare ?? p.SmallJobShare,
        EnforceHard = EnforceHard ?? p.EnforceHard,
        WaitThreshold = WaitThreshold ?? p.WaitThreshold,
        WaitPerNodeHour = WaitPerNodeHour ?? p.WaitPerNodeHour,
        PlanDepth = PlanDepth ?? p.PlanDepth,
        IdleHold = IdleHold ?? p.IdleHold,
        BootTime = BootTime ?? p.BootTime,
        LaunchTimeout = LaunchTimeout ?? p.LaunchTimeout,
        BootTimeout = BootTimeout ?? p.BootTimeout,
        OrphanGrace = OrphanGrace ?? p.OrphanGrace,
        CapacityBackoff = CapacityBackoff ?? p.CapacityBackoff,
        CapacityBackoffMax = CapacityBackoffMax ?? p.CapacityBackoffMax,
        CapacityBackoffReset = CapacityBackoffReset ?? p.CapacityBackoffReset,
        OnDemandAfterFailures = OnDemandAfterFailures ?? p.OnDemandAfterFailures,
        OnDemandAfter = OnDemandAfter ?? p.OnDemandAfter,
        MinSpotTypes = MinSpotTypes ?? p.MinSpotTypes,
        BreakerFailures = BreakerFailures ?? p.BreakerFailures,
        Tick = Tick ?? p.Tick,
        Reconcile = Reconcile ?? p.Reconcile,
        LaunchWindow = LaunchWindow ?? p.LaunchWindow,
        LaunchWindowMax = LaunchWindowMax ?? p.LaunchWindowMax,
        MaxLifetime = MaxLifetime ?? p.MaxLifetime,
        Lease = Lease ?? p.Lease,
        MaxDataPerJob = MaxDataPerJobBytes is { } bytes ? new ByteSize(bytes) : p.MaxDataPerJob,
        LocalPartition = LocalPartition ?? p.LocalPartition,
        BurstPartition = BurstPartition ?? p.BurstPartition,
    };
}

using System.Globalization;

namespace StratusLab.Sdk;

/// <summary>Reasons in words.</summary>
internal static class BurstReasonText
{
    public static string Describe(BurstDecision decision)
    {
        var bound = decision.Bound;
        FormattableString text = decision.ReasonCode switch
        {
            BurstReason.StartsLocally => $"Local nodes are free for it.",
            BurstReason.WaitIsShort => $"It waits about {Wait(decision)} for local nodes; up to {Time(bound.Time)} is not worth a burst node.",
            BurstReason.WaitIsLong => $"It would wait about {Wait(decision)} for local nodes, more than {Time(bound.Time)}; {Nodes(decision)}.",
            BurstReason.NeverLocal => $"No local node has what it asks for; {Nodes(decision)}.",
            BurstReason.NamedByUser => $"Its user asked for burst nodes; {Nodes(decision)}.",
            BurstReason.AlreadyAllowed => $"It was let onto burst nodes and waits for them to be ready.",
            BurstReason.Held => $"It is held, or waits for something that no node can give it.",
            BurstReason.LargerThanCentre => $"It needs {decision.NodeCount} nodes and the centre has {bound.Nodes}; ask for fewer.",
            BurstReason.LargerThanMaxNodes => $"It needs {decision.NodeCount} nodes and MaxNodes is {bound.Nodes}.",
            BurstReason.LongerThanMaxLifetime => $"With its time limit it needs nodes for {Time(bound.Time)} and none lives longer than MaxLifetime; a shorter time limit would do.",
            BurstReason.OverJobShare => $"It could cost {decision.EstimatedCost:0.00} and one job may cost {bound.Money:0.00} (MaxJobBudgetShare); a shorter time limit would do.",
            BurstReason.NoFittingClass => $"No class of burst node has the CPUs, memory, GPUs and features that it asks for.",
            BurstReason.OffersClosed => $"The classes of node that would fit have failed lately and are not asked again yet.",
            BurstReason.MaxNodesReached => $"It needs {decision.NodeCount} nodes and only {bound.Nodes} more may be launched (MaxNodes).",
            BurstReason.BudgetReserved => $"It could cost {decision.EstimatedCost:0.00}, more than can be reserved: {bound.Money:0.00} of {bound.Cap:0.00} are free on the day that is fullest.",
            BurstReason.BudgetWarning => $"{bound.Money:0.00} of the {bound.Cap:0.00} for today are spent; only priority jobs are let on.",
            BurstReason.BudgetSpent => $"{bound.Money:0.00} of the {bound.Cap:0.00} for today are spent.",
            BurstReason.BeyondPlanDepth => $"{bound.Nodes} jobs before it are looked at first (PlanDepth).",
            BurstReason.NeededByJob => $"Job {decision.JobId} needs them.",
            BurstReason.WithinIdleHold => $"It is idle and held for {Time(bound.Time)} more, should a job want it.",
            BurstReason.IdleHoldOver => $"It was idle for {Time(bound.Time)}.",
            BurstReason.MaxLifetimeReached => $"It has lived for {Time(bound.Time)}.",
            _ => $"{decision.ReasonCode}",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }

    private static string Nodes(BurstDecision decision) => decision switch
    {
        { Kind: not BurstDecisionKind.AllowOnBurst } => "nothing is launched for it",
        { WarmNodes.Count: var warm, NodeCount: var all } when warm == all => $"{warm} of {decision.NodeClass} are there already",
        { WarmNodes.Count: 0 } => $"{decision.NodeCount} of {decision.NodeClass} are launched",
        _ => $"{decision.WarmNodes.Count} of {decision.NodeClass} are there already and {decision.NodeCount - decision.WarmNodes.Count} are launched",
    };

    private static string Wait(BurstDecision decision) => decision.PredictedWait is { } wait ? Time(wait) : "for ever";

    private static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h"),
    };
}

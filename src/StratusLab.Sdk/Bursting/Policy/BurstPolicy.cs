using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// How a centre grows onto burst nodes and shrinks back: all that can be chosen, as data. <see cref="PredictedWait"/> is what holds unless
/// something else is said.
/// </summary>
public sealed record BurstPolicy
{
    /// <summary>Decides by predicted wait against cost; the default.</summary>
    public static BurstPolicy PredictedWait { get; } = new();

    /// <summary>Bursts all that cannot start at once, and holds idle nodes for ten minutes: what autoscalers of clouds do.</summary>
    public static BurstPolicy Immediate { get; } = new() { Name = nameof(Immediate), Rule = BurstRule.Immediate, WaitThreshold = TimeSpan.Zero, IdleHold = TimeSpan.FromMinutes(10) };

    /// <summary>Bursts what has waited for ten minutes, and holds idle nodes for an hour: what simple scripts around a batch system do.</summary>
    public static BurstPolicy Threshold { get; } = new() { Name = nameof(Threshold), Rule = BurstRule.Threshold, IdleHold = TimeSpan.FromHours(1) };

    /// <summary>As <see cref="PredictedWait"/>, but only decides and explains.</summary>
    public static BurstPolicy Advise { get; } = new() { Name = nameof(Advise), Mode = BurstMode.Advise };

    /// <summary>The presets, the default first.</summary>
    public static IReadOnlyList<BurstPolicy> Presets { get; } = [PredictedWait, Immediate, Threshold, Advise];

    /// <summary>The name of the preset, or one of its own.</summary>
    public string Name { get; init; } = nameof(PredictedWait);

    /// <summary>Who starts work on burst nodes.</summary>
    public BurstMode Mode { get; init; } = BurstMode.Pull;

    /// <summary>When a job is worth a burst node.</summary>
    public BurstRule Rule { get; init; } = BurstRule.PredictedWait;

    /// <summary>The most that may be spent in a day, from midnight to midnight in UTC, more than 0. Null: bursting does not start.</summary>
    public decimal? DailyBudget { get; init; }

    /// <summary>The most burst nodes at once, 1 to 100,000.</summary>
    public int MaxNodes { get; init; } = 20;

    /// <summary>The part of a day's budget that one job may cost, above 0 to 1.</summary>
    public double MaxJobBudgetShare { get; init; } = 1;

    /// <summary>The part of the day's budget after whose spending people are warned and only priority jobs are let on, above 0 to 1.</summary>
    public double WarnShare { get; init; } = 0.8;

    /// <summary>From which batch system priority on a job is a priority job; null: only small ones are.</summary>
    public double? PriorityFrom { get; init; }

    /// <summary>The part of a day's budget up to which a job that might cost so much is small, and a priority job, 0 to 1.</summary>
    public double SmallJobShare { get; init; } = 0.03;

    /// <summary>Whether running jobs are ended once the day's budget is spent.</summary>
    public bool EnforceHard { get; init; }

    /// <summary>The wait up to which a job never bursts, 0 to 30 days.</summary>
    public TimeSpan WaitThreshold { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a job bears to wait for each node-hour that it might cost, its nodes times its time limit, before it bursts; 0 to 1 day. Narrow and
    /// short jobs, for which a wait is worst and a node cheapest, burst first. It grows as the budget or <see cref="MaxNodes"/> is used up: with half of
    /// either left it is twice as long, up to twenty times. Only for <see cref="BurstRule.PredictedWait"/>.
    /// </summary>
    public TimeSpan WaitPerNodeHour { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How many jobs of the queue are looked at, the first first, 1 to 1,000,000.</summary>
    public int PlanDepth { get; init; } = 500;

    /// <summary>How long an idle node is held for the next job, 0 to 1 day.</summary>
    public TimeSpan IdleHold { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long a node is expected to take from its launch until it takes jobs, 0 to <see cref="BootTimeout"/>.</summary>
    public TimeSpan BootTime { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>How long a launch may take until it counts as failed, above 0 to 1 day.</summary>
    public TimeSpan LaunchTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long a node may take until it takes jobs before it counts as failed, above 0 to 1 day.</summary>
    public TimeSpan BootTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How old a node that nobody knows must be to be given back, 0 to 1 day.</summary>
    public TimeSpan OrphanGrace { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a class is not asked for in a market that had none of it, 1 s to <see cref="CapacityBackoffMax"/>; doubled each time.</summary>
    public TimeSpan CapacityBackoff { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>The longest that <see cref="CapacityBackoff"/> becomes, up to 1 day.</summary>
    public TimeSpan CapacityBackoffMax { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>After how long without a failure <see cref="CapacityBackoff"/> begins anew, up to 7 days.</summary>
    public TimeSpan CapacityBackoffReset { get; init; } = TimeSpan.FromHours(3);

    /// <summary>After how many capacity failures on the spot market nodes are bought on demand, 1 to 100.</summary>
    public int OnDemandAfterFailures { get; init; } = 2;

    /// <summary>After how long without success on the spot market nodes are bought on demand, 0 to 1 day.</summary>
    public TimeSpan OnDemandAfter { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How many types of node are to be asked for on the spot market, 1 to 100.</summary>
    public int MinSpotTypes { get; init; } = 5;

    /// <summary>After how many failures a class is tried with one node only, 1 to 100.</summary>
    public int BreakerFailures { get; init; } = 3;

    /// <summary>How often it is decided, 1 s to 1 hour.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often ledger, provider and batch system are compared, <see cref="Tick"/> to 1 day.</summary>
    public TimeSpan Reconcile { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For how long launches are gathered after the last one came, 0 to <see cref="LaunchWindowMax"/>.</summary>
    public TimeSpan LaunchWindow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long launches are gathered at most, up to 10 minutes.</summary>
    public TimeSpan LaunchWindowMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that a burst node lives, 10 minutes to 365 days.</summary>
    public TimeSpan MaxLifetime { get; init; } = BatchNodeUserData.DefaultMaxLifetime;

    /// <summary>How long a burst node goes on without hearing from the controller, 1 minute to 1 day.</summary>
    public TimeSpan Lease { get; init; } = BatchNodeUserData.DefaultLease;

    /// <summary>The most data that one job may bring to burst nodes, 0 or more.</summary>
    public ByteSize MaxDataPerJob { get; init; } = ByteSize.FromGiB(10);

    /// <summary>The partition of local nodes, by the batch system's name.</summary>
    public string LocalPartition { get; init; } = "batch";

    /// <summary>The partition of burst nodes, by the batch system's name.</summary>
    public string BurstPartition { get; init; } = "burst";

    /// <summary>The preset of a name, in any case.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidBurstPolicy</c>: there is none.</exception>
    public static BurstPolicy Preset(string name) =>
        Presets.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw BurstPolicyValidation.Invalid("preset", $"there is no preset '{name}'; there are {string.Join(", ", Presets.Select(p => p.Name))}");

    /// <summary>Reads a policy: its JSON may name a <c>preset</c> and says what differs from it.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidBurstPolicy</c>, with the field, and the line where the text is no JSON.</exception>
    public static BurstPolicy Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var policy = BurstPolicyDocument.Read(json);
        policy.Validate();
        return policy;
    }

    /// <summary>The whole policy as JSON, which <see cref="Parse"/> reads.</summary>
    public string ToJson() => BurstPolicyDocument.Write(this);

    /// <summary>Checks every field, and the fields against each other.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidBurstPolicy</c>: with the name of the field and what would be right.</exception>
    public void Validate() => BurstPolicyValidation.Check(this);

    /// <summary>Until when nodes for a job are paid for in the worst case.</summary>
    /// <param name="from">From when on.</param>
    /// <param name="needsBoot">Whether they have to boot first.</param>
    /// <param name="timeLimit">The job's time limit; null for none, which then is what a node's life allows.</param>
    public DateTimeOffset WorstEnd(DateTimeOffset from, bool needsBoot, TimeSpan? timeLimit) =>
        timeLimit is { } limit ? from + (needsBoot ? BootTimeout : TimeSpan.Zero) + limit + IdleHold : from + MaxLifetime;

    /// <summary>Whether a job's user named the burst partition and no other.</summary>
    internal bool IsForBurstOnly(BatchJob job) => job.Partitions is [var only] && only == BurstPartition;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

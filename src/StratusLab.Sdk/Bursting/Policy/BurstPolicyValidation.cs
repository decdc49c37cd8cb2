using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Whether a policy can be meant as it is written.</summary>
internal static class BurstPolicyValidation
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static void Check(BurstPolicy p)
    {
        if (string.IsNullOrWhiteSpace(p.Name) || p.Name.Length > 63) throw Invalid(nameof(p.Name), $"'{p.Name}' is no name; use 1 to 63 characters");
        Defined(nameof(p.Mode), p.Mode);
        Defined(nameof(p.Rule), p.Rule);
        if (p.DailyBudget is <= 0) throw Invalid(nameof(p.DailyBudget), $"{p.DailyBudget} is no budget; use more than 0");
        Within(nameof(p.MaxNodes), p.MaxNodes, 1, 100_000);
        Share(nameof(p.MaxJobBudgetShare), p.MaxJobBudgetShare);
        Share(nameof(p.WarnShare), p.WarnShare);
        if (!(p.SmallJobShare is >= 0 and <= 1)) throw Invalid(nameof(p.SmallJobShare), string.Create(CultureInfo.InvariantCulture, $"{p.SmallJobShare} is no share; use 0 to 1"));
        if (p.PriorityFrom is { } from && !double.IsFinite(from)) throw Invalid(nameof(p.PriorityFrom), "it must be a number");
        Within(nameof(p.WaitThreshold), p.WaitThreshold, TimeSpan.Zero, 30 * Day);
        Within(nameof(p.WaitPerNodeHour), p.WaitPerNodeHour, TimeSpan.Zero, Day);
        Within(nameof(p.PlanDepth), p.PlanDepth, 1, 1_000_000);
        Within(nameof(p.IdleHold), p.IdleHold, TimeSpan.Zero, Day);
        Within(nameof(p.LaunchTimeout), p.LaunchTimeout, TimeSpan.FromSeconds(1), Day);
        Within(nameof(p.BootTimeout), p.BootTimeout, TimeSpan.FromSeconds(1), Day);
        Within(nameof(p.BootTime), p.BootTime, TimeSpan.Zero, p.BootTimeout);
        Within(nameof(p.OrphanGrace), p.OrphanGrace, TimeSpan.Zero, Day);
        Within(nameof(p.CapacityBackoffMax), p.CapacityBackoffMax, TimeSpan.FromSeconds(1), Day);
        Within(nameof(p.CapacityBackoff), p.CapacityBackoff, TimeSpan.FromSeconds(1), p.CapacityBackoffMax);
        Within(nameof(p.CapacityBackoffReset), p.CapacityBackoffReset, TimeSpan.Zero, 7 * Day);
        Within(nameof(p.OnDemandAfterFailures), p.OnDemandAfterFailures, 1, 100);
        Within(nameof(p.OnDemandAfter), p.OnDemandAfter, TimeSpan.Zero, Day);
        Within(nameof(p.MinSpotTypes), p.MinSpotTypes, 1, 100);
        Within(nameof(p.BreakerFailures), p.BreakerFailures, 1, 100);
        Within(nameof(p.Tick), p.Tick, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Within(nameof(p.Reconcile), p.Reconcile, p.Tick, Day);
        Within(nameof(p.LaunchWindowMax), p.LaunchWindowMax, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Within(nameof(p.LaunchWindow), p.LaunchWindow, TimeSpan.Zero, p.LaunchWindowMax);
        Within(nameof(p.MaxLifetime), p.MaxLifetime, TimeSpan.FromMinutes(10), 365 * Day);
        Within(nameof(p.Lease), p.Lease, TimeSpan.FromMinutes(1), Day);
        if (p.MaxDataPerJob < ByteSize.Zero) throw Invalid(nameof(p.MaxDataPerJob), $"{p.MaxDataPerJob} is not possible; use 0 or more");
        Partition(nameof(p.LocalPartition), p.LocalPartition);
        Partition(nameof(p.BurstPartition), p.BurstPartition);
        if (p.BurstPartition == p.LocalPartition) throw Invalid(nameof(p.BurstPartition), $"'{p.BurstPartition}' is the local partition too; burst nodes need one of their own");
        if (p.BootTimeout >= p.MaxLifetime) throw Invalid(nameof(p.BootTimeout), $"a node that boots for {p.BootTimeout} has nothing left of its MaxLifetime of {p.MaxLifetime}");
    }

    public static InvalidInputException Invalid(string field, string why, int? line = null, Exception? inner = null) =>
        new("InvalidBurstPolicy", $"The burst policy is wrong in {field}: {why}.", field, inner) { Line = line };

    private static void Defined<T>(string field, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw Invalid(field, $"'{value}' is not possible; use {string.Join(", ", Enum.GetNames<T>())}");
    }

    private static void Share(string field, double value)
    {
        if (!(value is > 0 and <= 1)) throw Invalid(field, string.Create(CultureInfo.InvariantCulture, $"{value} is no share; use more than 0, up to 1"));
    }

    private static void Within<T>(string field, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw Invalid(field, string.Create(CultureInfo.InvariantCulture, $"{value} is not possible; use {least} to {most}"));
    }

    private static void Partition(string field, string value)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Any(c => char.IsWhiteSpace(c) || c == ',')) throw Invalid(field, $"'{value}' is no name of a partition");
    }
}

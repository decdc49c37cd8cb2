using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>For how long a class of node is not asked for where there was none of it.</summary>
/// <param name="NodeClass">The class.</param>
/// <param name="Zone">The host's zone; empty where the host did not tell, or chooses itself.</param>
/// <param name="Market">The market.</param>
/// <param name="Failures">How often it failed without a long time in between.</param>
/// <param name="FailedAt">When it failed last, in UTC.</param>
/// <param name="ClosedUntil">Until when it is not asked for, in UTC.</param>
internal sealed record CapacityBackoff(string NodeClass, string Zone, VmMarket Market, int Failures, DateTimeOffset FailedAt, DateTimeOffset ClosedUntil)
{
    /// <summary>After one more failure: the pause is doubled, unless the last failure is long ago.</summary>
    public static CapacityBackoff After(CapacityBackoff? before, string nodeClass, string zone, VmMarket market, BurstPolicy policy, DateTimeOffset now)
    {
        // Nodes that were asked for together fail together: that is one failure.
        if (before is not null && now < before.ClosedUntil) return before;
        var failures = before is null || now - before.FailedAt >= policy.CapacityBackoffReset ? 1 : before.Failures + 1;
        var pause = policy.CapacityBackoff;
        for (var i = 1; i < failures && pause < policy.CapacityBackoffMax; i++) pause *= 2;
        if (pause > policy.CapacityBackoffMax) pause = policy.CapacityBackoffMax;
        return new CapacityBackoff(nodeClass, zone, market, failures, now, now + pause);
    }
}

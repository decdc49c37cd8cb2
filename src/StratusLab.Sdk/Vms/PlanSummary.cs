using StratusLab.Core;
using static System.FormattableString;

namespace StratusLab.Sdk;

/// <summary>Tells a plan in one line: <c>12 of 30 go to kvm1 (6), kvm2 (6), 18 to aws at $0.0416 an hour each; $0.7488 an hour in all</c>.</summary>
internal static class PlanSummary
{
    // A line that lists 200 hosts helps nobody.
    private const int HostsTold = 12;

    /// <summary>The whole plan.</summary>
    public static string Of(IReadOnlyList<PlannedVm> vms, int wanted) =>
        vms.Count == 0 ? Invariant($"none of {wanted} VMs finds a host")
        : vms.Count < wanted ? Invariant($"{Placed(vms, wanted)}; {wanted - vms.Count} find no host")
        : Placed(vms, wanted);

    /// <summary>Those that find a host, one or more.</summary>
    public static string Placed(IReadOnlyList<PlannedVm> vms, int wanted)
    {
        var free = vms.Where(v => v.Market is null).ToList();
        var parts = new List<string>();
        if (free.Count > 0) parts.Add(Invariant($"{free.Count} of {wanted} go to {Hosts(free)}"));
        foreach (var group in vms.Where(v => v.Market is not null).GroupBy(v => (v.Host, v.HourlyPrice, v.Market)))
        {
            var price = group.Key.HourlyPrice is { } each ? Invariant($"at {Money.Text(each)} an hour each") : "at a price that is not known";
            var spot = group.Key.Market == VmMarket.Spot ? " (spot)" : string.Empty;
            parts.Add(Invariant($"{group.Count()} {(parts.Count == 0 ? Invariant($"of {wanted} go ") : string.Empty)}to {group.Key.Host} {price}{spot}"));
        }

        var text = string.Join(", ", parts);
        var total = vms.Sum(v => v.HourlyPrice ?? 0);
        return total > 0 ? Invariant($"{text}; {Money.Text(total)} an hour in all") : text;
    }

    private static string Hosts(List<PlannedVm> vms)
    {
        var hosts = vms.GroupBy(v => v.Host).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();
        var told = string.Join(", ", hosts.Take(HostsTold).Select(g => Invariant($"{g.Key} ({g.Count()})")));
        return hosts.Count > HostsTold ? Invariant($"{told} and {hosts.Count - HostsTold} more hosts") : told;
    }
}

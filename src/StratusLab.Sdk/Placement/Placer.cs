using System.Globalization;
using System.Text;
using StratusLab.Core;
using static System.FormattableString;

namespace StratusLab.Sdk;

/// <summary>Finds a host for each VM. Pure: the same input gives the same result, on every machine.</summary>
internal static class Placer
{
    // A message that lists 200 hosts helps nobody.
    private const int HostsTold = 12;

    /// <summary>One assignment per VM, in their order; VMs of one kind share the instance of their shape.</summary>
    public static IReadOnlyList<Assignment> Place(IReadOnlyList<PlacementShape> vms, IReadOnlyList<HostSnapshot> hosts)
    {
        var loads = hosts.Select(h => new HostLoad(h)).OrderBy(h => h.Name, StringComparer.Ordinal).ToList();
        var judged = new Dictionary<PlacementShape, Candidates>(ReferenceEqualityComparer.Instance);
        foreach (var shape in vms)
        {
            if (!judged.TryGetValue(shape, out var candidates)) judged[shape] = candidates = Judge(shape, loads);
            candidates.Wanted++;
        }

        var assignments = new Assignment[vms.Count];
        for (var i = 0; i < vms.Count; i++)
        {
            var shape = vms[i];
            var candidates = judged[shape];
            assignments[i] = candidates.Refusal is { } refused ? new Assignment(null, refused) : Choose(shape, candidates);
            candidates.Wanted--;
        }

        return assignments;
    }

    private static Assignment Choose(PlacementShape shape, Candidates candidates)
    {
        var (best, roomy) = ChooseFirst(shape, candidates);
        best ??= candidates.Then.Find(h => h.HasRoom(shape, candidates.TermsOf(h, shape)));
        if (best is null)
        {
            // Room never comes back within a run, so the next VM of this shape need not ask again.
            candidates.Refusal = Refuse(shape, candidates);
            return new Assignment(null, candidates.Refusal);
        }

        var terms = candidates.TermsOf(best, shape);
        best.Take(shape, terms);
        var reason = best.Snapshot.IsPriced ? ExplainPriced(shape, terms, candidates) : Explain(shape, best, roomy, candidates);
        return new Assignment(best.Name, reason, terms);
    }

    private static (HostLoad? Best, int Roomy) ChooseFirst(PlacementShape shape, Candidates candidates)
    {
        HostLoad? best = null;
        var bestFill = 0.0;
        var roomy = 0;
        var byCount = shape.Policy == PlacementPolicy.Spread && candidates.First.Exists(h => h.IsElastic);
        foreach (var host in candidates.First)
        {
            if (!host.HasRoom(shape, candidates.TermsOf(host, shape))) continue;
            roomy++;
            var fill = host.IsElastic ? 0 : host.FillWith(shape);
            if (best is null || IsBetter(host, fill, best, bestFill)) (best, bestFill) = (host, fill);
        }

        return (best, roomy);

        // What has no size of its own has no fullness either: then the VMs themselves are spread evenly.
        bool IsBetter(HostLoad host, double fill, HostLoad than, double itsFill) =>
            shape.Policy == PlacementPolicy.Pack ? fill > itsFill
            : byCount && host.Placed != than.Placed ? host.Placed < than.Placed
            : fill < itsFill || (fill.Equals(itsFill) && host.Placed < than.Placed);
    }

    private static string Explain(PlacementShape shape, HostLoad host, int roomy, Candidates candidates)
    {
        var hosts = candidates.Then.Count > 0 ? "on-premise hosts" : "hosts";
        var why = (roomy, shape.Policy) switch
        {
            (_, PlacementPolicy.HostOnly) => "the host asked for",
            (1, _) when candidates.Count == 1 => "the only host",
            (1, _) => Invariant($"the only one of {(candidates.Then.Count > 0 ? candidates.First.Count : candidates.Count)} {hosts} with room"),
            (_, PlacementPolicy.Pack) => Invariant($"fullest of {roomy} {hosts} with room"),
            _ => Invariant($"emptiest of {roomy} {hosts} with room"),
        };
        return Invariant(
            $"{shape.Policy}: {why}; with it {host.CpuUsed} of {host.CpuTotal} virtual CPUs and {new ByteSize(host.MemoryUsed)} of {new ByteSize(host.MemoryTotal)} memory are in use");
    }

    private static string ExplainPriced(PlacementShape shape, HostTerms? terms, Candidates candidates)
    {
        var price = terms is null
            ? "at a price that is not known"
            : Invariant($"{Money.Text(terms.Offer.HourlyPrice)} an hour as {terms.Offer.MachineType} ({terms.Offer.Cpu} virtual CPUs, {terms.Offer.Memory}{(terms.Offer.Market == VmMarket.Spot ? ", spot" : string.Empty)})");
        var kinds = terms is { Choices: > 1 } ? Invariant($", at most {Money.Text(terms.Ceiling)} for one of {terms.Choices} kinds of machine") : string.Empty;
        var why = shape.Policy switch
        {
            PlacementPolicy.HostOnly => "the host asked for",
            _ when candidates.Count == 1 => "the only host",
            _ when shape.HostNames is [var only] && !Wildcard.IsPattern(only) => "the host asked for",
            PlacementPolicy.OnPremiseFirst or PlacementPolicy.Cheapest when candidates.First.Count > 0 => "no on-premise host has room",
            PlacementPolicy.OnPremiseFirst or PlacementPolicy.Cheapest => "no on-premise host can take it",
            PlacementPolicy.Pack => "no fuller host has room",
            _ => "the VMs are spread evenly",
        };
        return $"{shape.Policy}: {price}{kinds}; {why}";
    }

    private static string Refuse(PlacementShape shape, Candidates candidates)
    {
        var text = new StringBuilder($"No host has room for a VM with {shape.Cpu} virtual CPUs and {shape.Memory} of memory.");
        var reasons = candidates.Fitting.Select(h => (h.Name, Reason: h.Shortage(shape, candidates.TermsOf(h, shape)))).Concat(candidates.Unfit).OrderBy(r => r.Name, StringComparer.Ordinal).ToList();
        foreach (var (name, reason) in reasons.Take(HostsTold)) text.Append(CultureInfo.InvariantCulture, $" {name}: {reason}.");
        if (reasons.Count > HostsTold) text.Append(CultureInfo.InvariantCulture, $" And {reasons.Count - HostsTold} more hosts.");
        return text.ToString();
    }

    private static Candidates Judge(PlacementShape shape, List<HostLoad> hosts)
    {
        var candidates = new Candidates();
        var tiers = shape.Policy is PlacementPolicy.OnPremiseFirst or PlacementPolicy.Cheapest or PlacementPolicy.Pack;
        foreach (var host in hosts)
        {
            if (HostFitness.Unfit(shape, host.Snapshot) is { } reason) candidates.Unfit.Add((host.Name, reason));
            else if (tiers && IsLast(shape.Policy, host)) candidates.Then.Add(host);
            else candidates.First.Add(host);
        }

        candidates.Order(host => PriceOn(host, shape));
        return candidates;
    }

    private static bool IsLast(PlacementPolicy policy, HostLoad host) => policy == PlacementPolicy.Pack ? host.IsElastic : host.Snapshot.IsPriced;

    // A price that nobody knows may be any.
    private static decimal PriceOn(HostLoad host, PlacementShape shape) =>
        !host.Snapshot.IsPriced ? 0 : host.Snapshot.OffersFor(shape) is [var cheapest, ..] ? cheapest.HourlyPrice : decimal.MaxValue;
}

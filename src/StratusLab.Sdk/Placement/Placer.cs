using System.Globalization;
using System.Text;
using StratusLab.Core;

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
        var assignments = new Assignment[vms.Count];
        for (var i = 0; i < vms.Count; i++)
        {
            var shape = vms[i];
            if (!judged.TryGetValue(shape, out var candidates)) judged[shape] = candidates = Judge(shape, loads);
            assignments[i] = candidates.Refusal is { } refused ? new Assignment(null, refused) : Choose(shape, candidates);
        }

        return assignments;
    }

    private static Assignment Choose(PlacementShape shape, Candidates candidates)
    {
        HostLoad? best = null;
        var bestFill = 0.0;
        var roomy = 0;
        foreach (var host in candidates.Fitting)
        {
            if (!host.HasRoom(shape)) continue;
            roomy++;
            var fill = host.FillWith(shape);
            if (best is null || IsBetter(shape.Policy, fill, host, bestFill, best)) (best, bestFill) = (host, fill);
        }

        if (best is null)
        {
            // Room never comes back within a run, so the next VM of this shape need not ask again.
            candidates.Refusal = Refuse(shape, candidates);
            return new Assignment(null, candidates.Refusal);
        }

        best.Take(shape);
        return new Assignment(best.Name, Explain(shape, best, roomy, candidates.Fitting.Count + candidates.Unfit.Count));
    }

    private static bool IsBetter(PlacementPolicy policy, double fill, HostLoad host, double bestFill, HostLoad best) => policy == PlacementPolicy.Pack
        ? fill > bestFill
        : fill < bestFill || (fill.Equals(bestFill) && host.Placed < best.Placed);

    private static string Explain(PlacementShape shape, HostLoad host, int roomy, int all)
    {
        var why = (roomy, shape.Policy) switch
        {
            (1, _) when all == 1 => "the only host",
            (1, _) => $"the only one of {all} hosts with room",
            (_, PlacementPolicy.Pack) => $"fullest of {roomy} hosts with room",
            _ => $"emptiest of {roomy} hosts with room",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{shape.Policy}: {why}; with it {host.CpuUsed} of {host.CpuTotal} virtual CPUs and {new ByteSize(host.MemoryUsed)} of {new ByteSize(host.MemoryTotal)} memory are in use");
    }

    private static string Refuse(PlacementShape shape, Candidates candidates)
    {
        var text = new StringBuilder($"No host has room for a VM with {shape.Cpu} virtual CPUs and {shape.Memory} of memory.");
        var reasons = candidates.Fitting.Select(h => (h.Name, Reason: h.Shortage(shape))).Concat(candidates.Unfit).OrderBy(r => r.Name, StringComparer.Ordinal).ToList();
        foreach (var (name, reason) in reasons.Take(HostsTold)) text.Append(CultureInfo.InvariantCulture, $" {name}: {reason}.");
        if (reasons.Count > HostsTold) text.Append(CultureInfo.InvariantCulture, $" And {reasons.Count - HostsTold} more hosts.");
        return text.ToString();
    }

    private static Candidates Judge(PlacementShape shape, List<HostLoad> hosts)
    {
        var candidates = new Candidates();
        foreach (var host in hosts)
        {
            if (Unfit(shape, host.Snapshot) is { } reason) candidates.Unfit.Add((host.Name, reason));
            else candidates.Fitting.Add(host);
        }

        return candidates;
    }

    private static string? Unfit(PlacementShape shape, HostSnapshot host)
    {
        if (!Wildcard.MatchesAny(shape.HostNames, host.Definition.Name)) return "not among the hosts asked for";
        foreach (var (key, value) in shape.HostLabels)
        {
            if (!host.Definition.Labels.TryGetValue(key, out var actual)) return $"has no label '{key}'";
            if (value != "*" && value != actual) return $"label {key} is '{actual}', not '{value}'";
        }

        if (host.Status.Health != HostHealth.Ready) return $"{(host.Status.Health == HostHealth.Unreachable ? "does not answer" : "not ready")}: {host.Status.Problem?.TrimEnd('.')}";
        if (shape.Architecture is { } wanted && host.Status.Architecture is { } has && Kernel(wanted) != Kernel(has)) return $"is {has}, the image is for {wanted}";
        if (shape.Firmware == Firmware.Uefi && !host.Capabilities.HasFlag(ProviderCapabilities.Uefi)) return "cannot boot UEFI images";
        return null;
    }

    // Debian and OCI say amd64 and arm64 where the kernel says x86_64 and aarch64.
    private static string Kernel(string architecture) => architecture.ToLowerInvariant() switch
    {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        var other => other,
    };

    private sealed class Candidates
    {
        public List<HostLoad> Fitting { get; } = [];

        public List<(string Name, string Reason)> Unfit { get; } = [];

        public string? Refusal { get; set; }
    }
}

namespace StratusLab.Sdk;

/// <summary>The hosts as VMs of one shape see them, while they are being placed.</summary>
internal sealed class Candidates
{
    /// <summary>Hosts that cost nothing, or all hosts where the policy makes no difference, in the order of their names.</summary>
    public List<HostLoad> First { get; } = [];

    /// <summary>Hosts that are only taken where none of the first has room, in the order in which they are.</summary>
    public List<HostLoad> Then { get; private set; } = [];

    public List<(string Name, string Reason)> Unfit { get; } = [];

    public Dictionary<string, HostTerms?> Terms { get; } = new(StringComparer.Ordinal);

    /// <summary>Why no further VM of the shape finds a host.</summary>
    public string? Refusal { get; set; }

    /// <summary>VMs of the shape that are still to be placed.</summary>
    public int Wanted { get; set; }

    public int Count => First.Count + Then.Count + Unfit.Count;

    /// <summary>Puts those that come last in the order of their prices, and of their names.</summary>
    public void Order(Func<HostLoad, decimal> price) => Then = [.. Then.OrderBy(price).ThenBy(h => h.Name, StringComparer.Ordinal)];

    public IEnumerable<HostLoad> Fitting => First.Concat(Then);

    /// <summary>What a VM costs on a host; null where it costs nothing or that is not known. Shared out when the host is first looked at.</summary>
    public HostTerms? TermsOf(HostLoad host, PlacementShape shape)
    {
        if (Terms.TryGetValue(host.Name, out var terms)) return terms;
        terms = host.Snapshot.OffersFor(shape) is { Count: > 0 } offers ? HostTerms.Share(offers, host.Snapshot.Definition, host.Use, Wanted) : null;
        return Terms[host.Name] = terms;
    }
}

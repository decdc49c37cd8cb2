using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What nodes of a burst's classes cost now, and which of them are not to be asked for.</summary>
internal sealed class BurstOffers(HostRegistry hosts, TimeProvider clock)
{
    private static readonly TimeSpan KeepPrices = TimeSpan.FromMinutes(10);
    private readonly Dictionary<(string Class, VmMarket Market), (decimal Price, DateTimeOffset At)> _prices = [];

    /// <summary>The offers; a class without a price is not among them.</summary>
    /// <exception cref="StratusException">The host could not be asked.</exception>
    public async Task<IReadOnlyList<BurstOffer>> ListAsync(BurstDefinition burst, IReadOnlyList<BurstNodeClass> classes, LedgerState state, CancellationToken cancellationToken)
    {
        var provider = await hosts.ConnectAsync(burst.HostName, cancellationToken).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        var offers = new List<BurstOffer>();
        foreach (var shape in classes)
        {
            foreach (var market in shape.Markets.Distinct())
            {
                if (await PriceAsync(provider, shape, market, burst.Policy, now, cancellationToken).ConfigureAwait(false) is not { } price) continue;
                offers.Add(new BurstOffer
                {
                    NodeClass = shape.Name,
                    Market = market,
                    Cpu = shape.Cpu,
                    Memory = shape.Memory,
                    Gpu = shape.Gpu,
                    Features = shape.Features,
                    PricePerHour = price,
                    ClosedUntil = ClosedUntil(state, shape.Name, market, now),
                });
            }
        }

        return offers;
    }

    /// <summary>Asks for prices again: the host has refused one.</summary>
    public void Forget() => _prices.Clear();

    private static DateTimeOffset? ClosedUntil(LedgerState state, string nodeClass, VmMarket market, DateTimeOffset now)
    {
        var closed = state.Backoffs.Where(b => b.NodeClass == nodeClass && b.Market == market).Select(b => (DateTimeOffset?)b.ClosedUntil).Max();

        // While a class that failed again and again is tried with one node, nothing more is promised on it.
        if (BurstBreaker.IsOpen(state, nodeClass) && BurstBreaker.HasCanary(state, nodeClass)) closed = Later(closed, now + state.Definition.Policy.Tick);
        return closed > now ? closed : null;
    }

    private static DateTimeOffset? Later(DateTimeOffset? left, DateTimeOffset right) => left > right ? left : right;

    // The host tries machine types in the order of its offers; the most that any of those it may come to costs is what has to be reserved.
    private async Task<decimal?> PriceAsync(
        IComputeProvider provider, BurstNodeClass shape, VmMarket market, BurstPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!provider.Capabilities.HasFlag(ProviderCapabilities.Priced) || provider is not IPricedHost priced)
            return market is VmMarket.OnDemand ? shape.PricePerHour : null;
        if (_prices.TryGetValue((shape.Name, market), out var known) && now - known.At < KeepPrices) return known.Price;
        var needs = new MachineNeeds
        {
            Cpu = shape.Cpu,
            Memory = shape.Memory,
            Disk = shape.Disk,
            Gpu = shape.Gpu,
            Market = market,
            MachineType = shape.MachineType,
        };
        var offers = await priced.ListOffersAsync(needs, cancellationToken).ConfigureAwait(false);
        if (offers.Count == 0) return null;
        var price = offers.Take(policy.MinSpotTypes).Max(o => o.HourlyPrice);
        _prices[(shape.Name, market)] = (price, now);
        return price;
    }
}

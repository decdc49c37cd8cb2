using FsCheck;
using FsCheck.Fluent;
using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class PricedPlacementTests
{
    [Fact]
    public void Never_beyond_a_limit_and_never_money_that_nobody_allowed()
    {
        Prop.ForAll(Cases(), c =>
        {
            var random = new Random(c.Seed);
            var hosts = Hosts(random, c.Hosts);
            var shapes = Enumerable.Range(0, 3).Select(_ => RandomShape(random)).ToList();
            var vms = Enumerable.Range(0, c.Vms).Select(_ => shapes[random.Next(3)]).ToList();

            var placed = Placer.Place(vms, hosts);
            var again = Placer.Place(vms, [.. hosts.AsEnumerable().Reverse()]);

            return placed.SequenceEqual(again)
                && hosts.TrueForAll(h => IsWithinLimits(h, vms, placed))
                && vms.Zip(placed).All(p => p.Second.Host is null || !Find(hosts, p.Second).IsPriced || p.First.AllowCloud || p.First.HostNames.Contains(p.Second.Host))
                && vms.Zip(placed).All(p => p.Second.Terms is not { } terms || (terms.Offer.HourlyPrice <= terms.Ceiling && !(terms.Ceiling > p.First.MaxHourlyPrice)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void On_premise_first_never_buys_while_an_own_host_has_room()
    {
        Prop.ForAll(Cases(), c =>
        {
            var random = new Random(c.Seed);
            var hosts = Hosts(random, c.Hosts);
            var shape = Shape(random.Next(1, 4), random.Next(1, 4)) with { AllowCloud = true, Policy = random.Next(2) == 0 ? PlacementPolicy.OnPremiseFirst : PlacementPolicy.Cheapest };
            var placed = Placer.Place([.. Enumerable.Repeat(shape, c.Vms)], hosts);

            var loads = hosts.ConvertAll(h => new HostLoad(h));
            foreach (var assignment in placed)
            {
                var host = loads.Find(l => l.Name == assignment.Host);
                if (host is null or { Snapshot.IsPriced: true } && loads.Exists(l => !l.Snapshot.IsPriced && l.HasRoom(shape))) return false;
                host?.Take(shape, assignment.Terms);
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Own_hosts_are_filled_evenly_and_the_rest_is_bought_where_it_is_cheapest()
    {
        var placed = Place(30, Shape(1, 1) with { AllowCloud = true }, Own("kvm1", 6), Own("kvm2", 6), Cloud("dear", [0.08m]), Cloud("cheap", [0.05m], maxVm: 10));
        Assert.Equal(("kvm1", 6), Count(placed, "kvm1"));
        Assert.Equal(("kvm2", 6), Count(placed, "kvm2"));
        Assert.Equal(("cheap", 10), Count(placed, "cheap"));
        Assert.Equal(("dear", 8), Count(placed, "dear"));
        Assert.StartsWith("OnPremiseFirst: $0.05 an hour as t1", placed[12].Reason, StringComparison.Ordinal);
        Assert.EndsWith("no on-premise host has room", placed[12].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_costs_money_is_not_taken_unasked_and_the_refusal_says_how_and_for_how_much()
    {
        var placed = Place(2, Shape(1, 1), Own("kvm1", 1), Cloud("aws", [0.0416m]));
        Assert.Equal(["kvm1", null], placed.Select(p => p.Host));
        Assert.Contains("aws: costs money: AllowCloud, or naming the host exactly, would make it possible, at $0.0416 an hour for each VM (t1).", placed[1].Reason, StringComparison.Ordinal);

        Assert.Null(Place(1, Shape(1, 1) with { HostNames = ["aw*"] }, Cloud("aws", [0.0416m]))[0].Host);
        Assert.Equal("aws", Place(1, Shape(1, 1) with { HostNames = ["AWS"] }, Cloud("aws", [0.0416m]))[0].Host);
        Assert.Equal("aws", Place(1, Shape(1, 1) with { HostNames = ["aws"], Policy = PlacementPolicy.HostOnly }, Own("kvm1", 8), Cloud("aws", [0.0416m]))[0].Host);
    }

    [Theory]
    [InlineData(PlacementPolicy.Spread, 3, 3, 3)]
    [InlineData(PlacementPolicy.Pack, 8, 1, 0)]
    [InlineData(PlacementPolicy.OnPremiseFirst, 5, 4, 0)]
    [InlineData(PlacementPolicy.Cheapest, 5, 4, 0)]
    public void Policies_that_may_buy(PlacementPolicy policy, int first, int second, int bought)
    {
        var placed = Place(9, Shape(1, 1) with { AllowCloud = true, Policy = policy }, Own("a", 8), Own("b", 8), Cloud("c", [0.05m]));
        Assert.Equal([first, second, bought], "abc".Select(h => placed.Count(p => p.Host == h.ToString())));
    }

    [Theory]
    [InlineData(10, 1.00, 0.10, 10)] // Enough for ten at ten cents.
    [InlineData(10, 2.00, 0.20, 10)] // Each may then be of the next kind.
    [InlineData(4, 2.00, 0.40, 4)]
    [InlineData(4, 99.0, 0.80, 4)]
    [InlineData(30, 1.05, 0.10, 10)] // What is left over does not help the others.
    [InlineData(3, 0.09, 0.10, 0)]
    public void As_much_is_set_aside_as_the_money_allows_for_all(int wanted, double limit, double ceiling, int fit)
    {
        var placed = Place(wanted, Shape(1, 1) with { AllowCloud = true }, Cloud("aws", [0.10m, 0.20m, 0.40m, 0.80m], maxCost: (decimal)limit));
        Assert.Equal(fit, placed.Count(p => p.Host is not null));
        Assert.All(placed.Where(p => p.Host is not null), p => Assert.Equal((decimal)ceiling, p.Terms!.Ceiling));
        if (fit < wanted) Assert.Contains("(MaxHourlyCost) are spent or promised", placed[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_larger_machine_is_only_promised_where_its_CPUs_are_within_the_limit_too()
    {
        var offers = Cloud("aws", [0.10m, 0.20m], maxVCpu: 4) with { Offers = [Offer("small", 0.10m, 1), Offer("large", 0.20m, 4)] };
        Assert.All(Place(4, Shape(1, 1) with { AllowCloud = true }, offers), p => Assert.Equal((0.10m, 1), (p.Terms!.Ceiling, p.Terms.Cpu)));
        Assert.Equal((0.20m, 4), Place(1, Shape(1, 1) with { AllowCloud = true }, offers).Select(p => (p.Terms!.Ceiling, p.Terms.Cpu)).Single());
        Assert.Contains("4 of at most 4 virtual CPUs (MaxVCpu)", Place(5, Shape(1, 1) with { AllowCloud = true }, offers)[4].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_hold_for_own_hosts_too_and_count_what_is_there()
    {
        var host = Own("kvm1", 64) with { Definition = new HostDefinition { Name = "kvm1", Uri = "sim://kvm1", MaxVm = 5 }, Use = new HostUse(3, 3, 0) };
        var placed = Place(4, Shape(1, 1), host);
        Assert.Equal(2, placed.Count(p => p.Host is not null));
        Assert.Contains("kvm1: 5 of at most 5 VMs (MaxVM) are there or under way", placed[3].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_known_price_is_not_bought_under_a_limit_of_money()
    {
        var shape = Shape(1, 1) with { AllowCloud = true };
        Assert.Equal("aws", Place(1, shape, Cloud("aws", []))[0].Host);
        Assert.Contains("aws: has no machine that fits with a known price, without which its MaxHourlyCost $5.00 cannot be kept", Place(1, shape, Cloud("aws", [], maxCost: 5))[0].Reason, StringComparison.Ordinal);
        Assert.Contains("without which its MaxVCpu 8 cannot be kept", Place(1, shape, Cloud("aws", [], maxVCpu: 8))[0].Reason, StringComparison.Ordinal);
        Assert.Contains("without which MaxHourlyPrice $0.10 cannot be kept", Place(1, shape with { MaxHourlyPrice = 0.10m }, Cloud("aws", []))[0].Reason, StringComparison.Ordinal);
        var unknown = Cloud("aws", [0.05m], maxCost: 5) with { Use = new HostUse(1, 1, 0, "old") };
        Assert.Contains("aws: the price of VM 'old' is not known", Place(1, shape, unknown)[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_that_lack_what_is_asked_for_say_which_capability()
    {
        var hosts = new[] { Own("kvm1", 64) };
        foreach (var (shape, lack) in new (PlacementShape, string)[]
        {
            (Shape(1, 1) with { Market = VmMarket.Spot }, "has no spot market (capability Spot)"),
            (Shape(1, 1) with { MachineType = "m7i.large" }, "has no machine types (capability MachineTypes)"),
            (Shape(1, 1) with { Gpu = 1 }, "has no machines with GPUs (capability MachineTypes)"),
            (Shape(1, 1) with { OpensPorts = true }, "has no firewall (capability Firewall)"),
            (Shape(1, 1) with { RemoveOnShutdown = true }, "(capability RemoveOnShutdown)"),
        })
        {
            Assert.Contains(lack, Place(1, shape, hosts)[0].Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_users_own_bound_leaves_only_what_is_within_it()
    {
        var shape = Shape(1, 1) with { AllowCloud = true, MaxHourlyPrice = 0.25m };
        Assert.Equal((0.20m, 2), Place(1, shape, Cloud("aws", [0.10m, 0.20m, 0.40m])).Select(p => (p.Terms!.Ceiling, p.Terms.Choices)).Single());
        Assert.Contains("the cheapest machine that fits, t1, costs $0.40 an hour, more than MaxHourlyPrice $0.25", Place(1, shape, Cloud("aws", [0.40m]))[0].Reason, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Assignment> Place(int count, PlacementShape shape, params HostSnapshot[] hosts) => Placer.Place([.. Enumerable.Repeat(shape, count)], hosts);

    private static (string, int) Count(IReadOnlyList<Assignment> placed, string host) => (host, placed.Count(p => p.Host == host));

    private static HostSnapshot Find(List<HostSnapshot> hosts, Assignment assignment) => hosts.Find(h => h.Definition.Name == assignment.Host)!;

    private static bool IsWithinLimits(HostSnapshot host, List<PlacementShape> vms, IReadOnlyList<Assignment> placed)
    {
        var mine = vms.Zip(placed).Where(p => p.Second.Host == host.Definition.Name).ToList();
        if (mine.Count == 0) return true;
        var (definition, use) = (host.Definition, host.Use);
        return !(use.Vm + mine.Count > definition.MaxVm)
            && !(use.VCpu + mine.Sum(p => p.Second.Terms?.Cpu ?? p.First.Cpu) > definition.MaxVCpu)
            && !(use.Cost + mine.Sum(p => p.Second.Terms?.Ceiling ?? 0) > definition.MaxHourlyCost)
            && (definition.MaxHourlyCost is null || !host.IsPriced || mine.TrueForAll(p => p.Second.Terms is not null))
            && (host.Status.IsElastic || mine.Sum(p => p.First.Cpu) + host.Status.CpuAllocated <= host.Status.Cpu);
    }

    private static Arbitrary<(int Hosts, int Vms, int Seed)> Cases() =>
        (from hosts in Gen.Choose(1, 8)
         from vms in Gen.Choose(0, 60)
         from seed in Gen.Choose(0, int.MaxValue)
         select (hosts, vms, seed)).ToArbitrary();

    private static List<HostSnapshot> Hosts(Random random, int count) =>
        [.. Enumerable.Range(1, count).Select(i => random.Next(2) == 0 ? Limit(Own($"n{i}", random.Next(1, 16)), random) : Limit(Cloud($"n{i}", [.. Prices(random)]), random))];

    private static IEnumerable<decimal> Prices(Random random) => Enumerable.Range(0, random.Next(0, 5)).Select(_ => random.Next(1, 50) / 100m).Order();

    private static HostSnapshot Limit(HostSnapshot host, Random random) => host with
    {
        Definition = host.Definition with
        {
            MaxVm = random.Next(3) == 0 ? random.Next(0, 20) : null,
            MaxVCpu = random.Next(3) == 0 ? random.Next(0, 60) : null,
            MaxHourlyCost = random.Next(2) == 0 ? random.Next(0, 300) / 100m : null,
        },
        Use = new HostUse(random.Next(0, 4), random.Next(0, 8), host.IsPriced ? random.Next(0, 50) / 100m : 0),
    };

    private static PlacementShape RandomShape(Random random) => Shape(random.Next(1, 4), random.Next(1, 4)) with
    {
        Policy = (PlacementPolicy)random.Next(4),
        AllowCloud = random.Next(2) == 0,
        HostNames = random.Next(4) switch { 0 => ["n1", "n2"], 1 => ["n*"], _ => [] },
        MaxHourlyPrice = random.Next(3) == 0 ? random.Next(1, 40) / 100m : null,
    };

    private static PlacementShape Shape(int cpu, int memory) => new() { Cpu = cpu, Memory = ByteSize.FromGiB(memory) };

    private static HostSnapshot Own(string name, int cpu) => new()
    {
        Definition = new HostDefinition { Name = name, Uri = "sim://" + name, CpuOvercommit = 1 },
        Status = new HostStatus { Host = name, Health = HostHealth.Ready, Cpu = cpu, Memory = ByteSize.FromGiB(256), StorageFree = ByteSize.FromGiB(1000) },
    };

    private static HostSnapshot Cloud(string name, decimal[] prices, int? maxVm = null, int? maxVCpu = null, decimal? maxCost = null) => new()
    {
        Definition = new HostDefinition { Name = name, Uri = "sim://" + name, MaxVm = maxVm, MaxVCpu = maxVCpu, MaxHourlyCost = maxCost },
        Status = new HostStatus { Host = name, Health = HostHealth.Ready, IsElastic = true },
        Capabilities = ProviderCapabilities.Priced,
        Offers = [.. prices.Select((price, i) => Offer($"t{i + 1}", price, 1 + i))],
    };

    private static MachineOffer Offer(string type, decimal price, int cpu) => new()
    {
        MachineType = type, Cpu = cpu, Memory = ByteSize.FromGiB(4), HourlyPrice = price, PricedAt = DateTimeOffset.UnixEpoch, PriceSource = "the test",
    };
}

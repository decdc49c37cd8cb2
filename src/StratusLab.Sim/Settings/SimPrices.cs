using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>What a simulated cloud sells: machine types in doubling sizes, priced by the virtual CPU.</summary>
/// <param name="CpuPrice">US dollars for a virtual CPU and an hour.</param>
/// <param name="SpotFactor">The spot price as a part of the list price; null without a spot market.</param>
/// <param name="Capacity">VMs of one type that there is room for; null without an end.</param>
internal sealed record SimPrices(decimal CpuPrice, decimal? SpotFactor, int? Capacity)
{
    private static readonly (string Name, int Cpu)[] Types = [("s1.small", 1), ("s1.medium", 2), ("s1.large", 4), ("s1.xlarge", 8), ("s1.2xlarge", 16), ("s1.4xlarge", 32)];

    private static readonly ByteSize MemoryPerCpu = ByteSize.FromGiB(4);

    /// <summary>Those that fit, the cheapest first.</summary>
    public IReadOnlyList<MachineOffer> Offers(MachineNeeds needs, DateTimeOffset now)
    {
        if (needs.Gpu > 0 || needs.Architecture != "x86_64" || (needs.Market == VmMarket.Spot && SpotFactor is null)) return [];
        return
        [
            .. Types
                .Where(type => (needs.MachineType is null || type.Name == needs.MachineType) && type.Cpu >= needs.Cpu && MemoryPerCpu.Bytes * type.Cpu >= needs.Memory.Bytes)
                .Select(type => new MachineOffer
                {
                    MachineType = type.Name,
                    Cpu = type.Cpu,
                    Memory = new ByteSize(MemoryPerCpu.Bytes * type.Cpu),
                    Market = needs.Market,
                    HourlyPrice = CpuPrice * type.Cpu * (needs.Market == VmMarket.Spot ? SpotFactor!.Value : 1),
                    PricedAt = now,
                    PriceSource = "the URI of the simulated host",
                }),
        ];
    }
}

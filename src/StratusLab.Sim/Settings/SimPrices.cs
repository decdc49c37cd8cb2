using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>What a simulated cloud sells: machine types in doubling sizes, priced by the virtual CPU.</summary>
/// <param name="CpuPrice">US dollars for a virtual CPU and an hour.</param>
/// <param name="SpotFactor">The spot price as a part of the list price; null without a spot market.</param>
/// <param name="Capacity">VMs of one type that there is room for; null without an end.</param>
internal sealed record SimPrices(decimal CpuPrice, decimal? SpotFactor, int? Capacity)
{
    private static readonly (string Name, int Cpu, int Gpu)[] Types =
    [
        ("s1.small", 1, 0), ("s1.medium", 2, 0), ("s1.large", 4, 0), ("s1.xlarge", 8, 0), ("s1.2xlarge", 16, 0), ("s1.4xlarge", 32, 0), ("g1.xlarge", 8, 1), ("g1.4xlarge", 32, 4),
    ];

    // What a GPU costs.
    private const int CpusPerGpu = 10;

    private static readonly ByteSize MemoryPerCpu = ByteSize.FromGiB(4);

    /// <summary>Those that fit, the cheapest first.</summary>
    public IReadOnlyList<MachineOffer> Offers(MachineNeeds needs, DateTimeOffset now)
    {
        if (needs.Architecture != "x86_64" || (needs.Market == VmMarket.Spot && SpotFactor is null)) return [];
        return
        [
            .. Types
                .Where(type => (needs.MachineType is null || type.Name == needs.MachineType) && IsFor(type.Gpu, needs.Gpu) && type.Cpu >= needs.Cpu && MemoryPerCpu.Bytes * type.Cpu >= needs.Memory.Bytes)
                .Select(type => new MachineOffer
                {
                    MachineType = type.Name,
                    Cpu = type.Cpu,
                    Memory = new ByteSize(MemoryPerCpu.Bytes * type.Cpu),
                    Gpu = type.Gpu,
                    Market = needs.Market,
                    HourlyPrice = CpuPrice * (type.Cpu + (CpusPerGpu * type.Gpu)) * (needs.Market == VmMarket.Spot ? SpotFactor!.Value : 1),
                    PricedAt = now,
                    PriceSource = "the URI of the simulated host",
                }),
        ];
    }

    private static bool IsFor(int gpu, int needed) => needed == 0 ? gpu == 0 : gpu >= needed;
}

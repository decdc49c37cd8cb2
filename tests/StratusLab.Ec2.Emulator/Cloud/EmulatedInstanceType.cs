namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>An instance type that the region has.</summary>
/// <param name="Price">Dollars per hour on demand.</param>
public sealed record EmulatedInstanceType(string Name, int VCpu, int MemoryMiB, decimal Price, string Architecture = "x86_64", string? Gpu = null, int GpuCount = 0)
{
    // How long a spot price holds.
    private static readonly TimeSpan SpotPeriod = TimeSpan.FromHours(6);

    /// <summary>Zones that do not have it, by their letters.</summary>
    public string NotIn { get; init; } = "";

    public bool CurrentGeneration { get; init; } = true;

    public bool HasSpot { get; init; } = true;

    /// <summary>Whether it boots with BIOS only, as Xen machines, bare metal and a few others do.</summary>
    public bool BiosOnly { get; init; }

    /// <summary>Memory of each GPU.</summary>
    public int GpuMemoryMiB { get; init; }

    public bool IsBurstable => Name[0] == 't';

    public bool IsMetal => Name.Contains(".metal", StringComparison.Ordinal);

    public IReadOnlyList<string> UsageClasses => HasSpot ? ["on-demand", "spot"] : ["on-demand"];

    public IReadOnlyList<string> BootModes => Architecture == "arm64" ? ["uefi"] : BiosOnly ? ["legacy-bios"] : ["legacy-bios", "uefi"];

    // ARM machines, and AMD's since the seventh generation, have a core for each vCPU.
    public int ThreadsPerCore => Architecture == "arm64" || Name.Contains("7a.", StringComparison.Ordinal) ? 1 : 2;

    /// <summary>Enough of them to choose among, with what eu-west-1 asked for them in May 2026.</summary>
    public static IReadOnlyList<EmulatedInstanceType> Catalogue { get; } =
    [
        new("t3.micro", 2, 1024, 0.0114m), new("t3.small", 2, 2048, 0.0228m), new("t3.medium", 2, 4096, 0.0456m), new("t3.large", 2, 8192, 0.0912m),
        new("t3.xlarge", 4, 16384, 0.1824m), new("t3.2xlarge", 8, 32768, 0.3648m), new("t3a.medium", 2, 4096, 0.0408m), new("t3a.large", 2, 8192, 0.0816m),
        new("t4g.medium", 2, 4096, 0.0368m, "arm64"), new("t4g.large", 2, 8192, 0.0736m, "arm64"),
        new("c3.large", 2, 3840, 0.12m) { CurrentGeneration = false, BiosOnly = true },
        new("c5.large", 2, 4096, 0.096m), new("c5.xlarge", 4, 8192, 0.192m), new("c5.2xlarge", 8, 16384, 0.384m), new("c5.4xlarge", 16, 32768, 0.768m),
        new("c5.9xlarge", 36, 73728, 1.728m), new("c5.metal", 96, 196608, 4.608m) { BiosOnly = true },
        new("c6i.large", 2, 4096, 0.0912m), new("c6i.xlarge", 4, 8192, 0.1824m), new("c6i.2xlarge", 8, 16384, 0.3648m), new("c6a.large", 2, 4096, 0.08208m) { NotIn = "c" },
        new("c7g.medium", 1, 2048, 0.0388m, "arm64"), new("c7g.large", 2, 4096, 0.0775m, "arm64"), new("c7g.xlarge", 4, 8192, 0.155m, "arm64"),
        new("c7g.2xlarge", 8, 16384, 0.3101m, "arm64") { NotIn = "a" },
        new("c7i.large", 2, 4096, 0.09576m), new("c7i.xlarge", 4, 8192, 0.19152m), new("c7i.2xlarge", 8, 16384, 0.38304m), new("c7i.4xlarge", 16, 32768, 0.76608m) { NotIn = "b" },
        new("c7i-flex.large", 2, 4096, 0.09097m),
        new("m3.medium", 1, 3840, 0.073m) { CurrentGeneration = false, BiosOnly = true },
        new("m5.large", 2, 8192, 0.107m), new("m5.xlarge", 4, 16384, 0.214m), new("m5.2xlarge", 8, 32768, 0.428m), new("m5.4xlarge", 16, 65536, 0.856m),
        new("m6i.large", 2, 8192, 0.107m), new("m6i.xlarge", 4, 16384, 0.214m), new("m6i.2xlarge", 8, 32768, 0.428m), new("m6i.4xlarge", 16, 65536, 0.856m),
        new("m6g.large", 2, 8192, 0.086m, "arm64"), new("m6g.xlarge", 4, 16384, 0.172m, "arm64"),
        new("m7g.medium", 1, 4096, 0.0455m, "arm64"), new("m7g.large", 2, 8192, 0.091m, "arm64"), new("m7g.xlarge", 4, 16384, 0.1819m, "arm64"),
        new("m7g.2xlarge", 8, 32768, 0.3638m, "arm64") { NotIn = "a" },
        new("m7a.large", 2, 8192, 0.1292m) { NotIn = "b" }, new("m7i-flex.large", 2, 8192, 0.10673m),
        new("m7i.large", 2, 8192, 0.11235m), new("m7i.xlarge", 4, 16384, 0.2247m), new("m7i.2xlarge", 8, 32768, 0.4494m), new("m7i.4xlarge", 16, 65536, 0.8988m),
        new("m7i.8xlarge", 32, 131072, 1.7976m), new("m7i.48xlarge", 192, 786432, 10.7856m), new("m7i.metal-24xl", 96, 393216, 5.3928m) { BiosOnly = true, NotIn = "c" },
        new("r5.large", 2, 16384, 0.141m), new("r5.xlarge", 4, 32768, 0.282m), new("r5.2xlarge", 8, 65536, 0.564m), new("r6i.large", 2, 16384, 0.141m),
        new("r6i.xlarge", 4, 32768, 0.282m), new("r7g.large", 2, 16384, 0.1199m, "arm64"), new("r7i.large", 2, 16384, 0.14805m), new("r7i.xlarge", 4, 32768, 0.2961m),
        new("r7i.2xlarge", 8, 65536, 0.5922m), new("r7i.4xlarge", 16, 131072, 1.1844m),
        new("g4ad.xlarge", 4, 16384, 0.42263m, Gpu: "Radeon Pro V520", GpuCount: 1) { GpuMemoryMiB = 8192, BiosOnly = true, NotIn = "a" },
        new("g4dn.xlarge", 4, 16384, 0.587m, Gpu: "T4", GpuCount: 1) { GpuMemoryMiB = 16384, NotIn = "c" },
        new("g5.xlarge", 4, 16384, 1.123m, Gpu: "A10G", GpuCount: 1) { GpuMemoryMiB = 22888 }, new("g5.2xlarge", 8, 32768, 1.35296m, Gpu: "A10G", GpuCount: 1) { GpuMemoryMiB = 22888 },
        new("g5.12xlarge", 48, 196608, 6.33167m, Gpu: "A10G", GpuCount: 4) { GpuMemoryMiB = 22888, NotIn = "b" },
        new("g6.xlarge", 4, 16384, 0.898m, Gpu: "L4", GpuCount: 1) { GpuMemoryMiB = 22888, NotIn = "ab" },
        new("p3.2xlarge", 8, 62464, 3.305m, Gpu: "V100", GpuCount: 1) { GpuMemoryMiB = 16384, BiosOnly = true, NotIn = "bc" },
        new("p4d.24xlarge", 96, 1179648, 23.71569m, Gpu: "A100", GpuCount: 8) { GpuMemoryMiB = 40960, BiosOnly = true, NotIn = "bc" },
        new("u-6tb1.56xlarge", 224, 6291456, 51.92818m) { HasSpot = false, BiosOnly = true, NotIn = "c" },
    ];

    /// <summary>Whether a zone has it.</summary>
    public bool IsIn(string zone) => !NotIn.Contains(zone[^1], StringComparison.Ordinal);

    /// <summary>The spot prices of a zone from a moment to another, the newest first; the oldest held at the beginning.</summary>
    public IEnumerable<(DateTimeOffset At, decimal Price)> SpotPrices(string zone, DateTimeOffset from, DateTimeOffset to)
    {
        for (var period = to.Ticks / SpotPeriod.Ticks; ; period--)
        {
            var at = new DateTimeOffset(period * SpotPeriod.Ticks, TimeSpan.Zero);
            yield return (at, decimal.Round(Price * (0.30m + (0.05m * (zone[^1] - 'a')) + (0.01m * ((period + VCpu + Name.Length) % 5))), 6));
            if (at <= from) yield break;
        }
    }
}

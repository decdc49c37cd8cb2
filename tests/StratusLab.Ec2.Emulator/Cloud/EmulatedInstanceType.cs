namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>An instance type that the region has.</summary>
/// <param name="Price">Dollars per hour on demand.</param>
public sealed record EmulatedInstanceType(string Name, int VCpu, int MemoryMiB, decimal Price, string Architecture = "x86_64", string? Gpu = null, int GpuCount = 0)
{
    /// <summary>Zones that do not have it, by their letters.</summary>
    public string NotIn { get; init; } = "";

    public bool IsBurstable => Name[0] == 't';

    /// <summary>Enough of them to choose among: burstable, compute, general, memory, ARM and GPU, with list prices of eu-west-1 rounded to the cent or so.</summary>
    public static IReadOnlyList<EmulatedInstanceType> Catalogue { get; } =
    [
        new("t3.micro", 2, 1024, 0.0114m), new("t3.small", 2, 2048, 0.0228m), new("t3.medium", 2, 4096, 0.0456m), new("t3.large", 2, 8192, 0.0912m),
        new("t3.xlarge", 4, 16384, 0.1824m), new("t3a.medium", 2, 4096, 0.0408m), new("t4g.medium", 2, 4096, 0.0368m, "arm64"),
        new("c5.large", 2, 4096, 0.096m), new("c5.xlarge", 4, 8192, 0.192m), new("c5.2xlarge", 8, 16384, 0.384m), new("c5.4xlarge", 16, 32768, 0.768m),
        new("c6i.large", 2, 4096, 0.0912m), new("c6i.xlarge", 4, 8192, 0.1824m), new("c6a.large", 2, 4096, 0.0821m) { NotIn = "c" },
        new("m5.large", 2, 8192, 0.107m), new("m5.xlarge", 4, 16384, 0.214m), new("m5.2xlarge", 8, 32768, 0.428m), new("m5.4xlarge", 16, 65536, 0.856m),
        new("m6i.large", 2, 8192, 0.107m), new("m6i.xlarge", 4, 16384, 0.214m), new("m6g.large", 2, 8192, 0.086m, "arm64"), new("m6g.xlarge", 4, 16384, 0.172m, "arm64"),
        new("r5.large", 2, 16384, 0.141m), new("r5.xlarge", 4, 32768, 0.282m), new("r5.2xlarge", 8, 65536, 0.564m),
        new("g4dn.xlarge", 4, 16384, 0.587m, Gpu: "T4", GpuCount: 1) { NotIn = "c" }, new("p3.2xlarge", 8, 62464, 3.305m, Gpu: "V100", GpuCount: 1) { NotIn = "bc" },
    ];
}

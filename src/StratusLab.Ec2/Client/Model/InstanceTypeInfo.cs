using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>An instance type.</summary>
internal sealed record InstanceTypeInfo
{
    public InstanceTypeInfo(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "instanceType":
                    Name = xml.Text();
                    break;
                case "currentGeneration":
                    CurrentGeneration = xml.Bool();
                    break;
                case "freeTierEligible":
                    FreeTierEligible = xml.Bool();
                    break;
                case "supportedUsageClasses":
                    UsageClasses = xml.Items(static item => new UsageClass(item.Text()));
                    break;
                case "bareMetal":
                    BareMetal = xml.Bool();
                    break;
                case "hypervisor":
                    Hypervisor = xml.Text();
                    break;
                case "processorInfo":
                    foreach (var part in xml.Children())
                    {
                        if (part == "supportedArchitectures") Architectures = xml.Items(static item => new CpuArchitecture(item.Text()));
                        else if (part == "sustainedClockSpeedInGhz") ClockGhz = xml.Double();
                    }

                    break;
                case "vCpuInfo":
                    foreach (var part in xml.Children())
                    {
                        if (part == "defaultVCpus") VCpu = xml.Int();
                        else if (part == "defaultCores") Cores = xml.Int();
                        else if (part == "defaultThreadsPerCore") ThreadsPerCore = xml.Int();
                    }

                    break;
                case "memoryInfo":
                    foreach (var part in xml.Children())
                    {
                        if (part == "sizeInMiB") MemoryMiB = xml.Long();
                    }

                    break;
                case "instanceStorageInfo":
                    foreach (var part in xml.Children())
                    {
                        if (part == "totalSizeInGB") InstanceStorageGB = xml.Long();
                    }

                    break;
                case "networkInfo":
                    foreach (var part in xml.Children())
                    {
                        if (part == "networkPerformance") NetworkPerformance = xml.Text();
                        else if (part == "maximumNetworkInterfaces") MaxNetworkInterfaces = xml.Int();
                        else if (part == "enaSupport") EnaSupport = xml.Text();
                    }

                    break;
                case "gpuInfo":
                    foreach (var part in xml.Children())
                    {
                        if (part == "gpus") Gpus = xml.Items(static item => new GpuInfo(item));
                    }

                    break;
                case "hibernationSupported":
                    HibernationSupported = xml.Bool();
                    break;
                case "burstablePerformanceSupported":
                    IsBurstable = xml.Bool();
                    break;
                case "supportedBootModes":
                    BootModes = xml.Items(static item => new BootMode(item.Text()));
                    break;
                case "placementGroupInfo":
                    foreach (var part in xml.Children())
                    {
                        if (part == "supportedStrategies") PlacementStrategies = xml.Items(static item => new PlacementStrategy(item.Text()));
                    }

                    break;
            }
        }
    }

    public string Name { get; init; } = "";

    public bool CurrentGeneration { get; init; }

    public bool FreeTierEligible { get; init; }

    public IReadOnlyList<UsageClass> UsageClasses { get; init; } = [];

    public bool BareMetal { get; init; }

    public string? Hypervisor { get; init; }

    public IReadOnlyList<CpuArchitecture> Architectures { get; init; } = [];

    public double ClockGhz { get; init; }

    public int VCpu { get; init; }

    public int Cores { get; init; }

    public int ThreadsPerCore { get; init; }

    public long MemoryMiB { get; init; }

    public long InstanceStorageGB { get; init; }

    public string? NetworkPerformance { get; init; }

    public int MaxNetworkInterfaces { get; init; }

    public string? EnaSupport { get; init; }

    public IReadOnlyList<GpuInfo> Gpus { get; init; } = [];

    public bool HibernationSupported { get; init; }

    public bool IsBurstable { get; init; }

    public IReadOnlyList<BootMode> BootModes { get; init; } = [];

    public IReadOnlyList<PlacementStrategy> PlacementStrategies { get; init; } = [];
}

namespace StratusLab.Core;

/// <summary>What a VM needs of the machine that it is sold on.</summary>
public sealed record MachineNeeds
{
    /// <summary>Virtual CPUs, 1 or more.</summary>
    public required int Cpu { get; init; }

    /// <summary>Memory.</summary>
    public required ByteSize Memory { get; init; }

    /// <summary>Size of the system disk, which is paid for too.</summary>
    public ByteSize Disk { get; init; }

    /// <summary>GPUs.</summary>
    public int Gpu { get; init; }

    /// <summary>CPU architecture in the kernel's words, such as <c>x86_64</c>.</summary>
    public string Architecture { get; init; } = "x86_64";

    /// <summary>What it boots with.</summary>
    public Firmware Firmware { get; init; }

    /// <summary>How it is paid for.</summary>
    public VmMarket Market { get; init; }

    /// <summary>The only machine type that will do, such as <c>m7i.large</c>; null for any that fits.</summary>
    public string? MachineType { get; init; }
}

namespace StratusLab.Core;

/// <summary>A machine that a host sells, and its price.</summary>
public sealed record MachineOffer
{
    /// <summary>The host's name for the type, such as <c>m7i.large</c>.</summary>
    public required string MachineType { get; init; }

    /// <summary>Virtual CPUs that it has.</summary>
    public required int Cpu { get; init; }

    /// <summary>Memory that it has.</summary>
    public required ByteSize Memory { get; init; }

    /// <summary>GPUs that it has.</summary>
    public int Gpu { get; init; }

    /// <summary>How it is paid for.</summary>
    public VmMarket Market { get; init; }

    /// <summary>The highest price for an hour in any zone of the host, machine and system disk together, in US dollars.</summary>
    public required decimal HourlyPrice { get; init; }

    /// <summary>As of when the price is known, in UTC.</summary>
    public required DateTimeOffset PricedAt { get; init; }

    /// <summary>Where the price comes from, for people, such as <c>list prices of 2026-10-01</c>.</summary>
    public required string PriceSource { get; init; }
}

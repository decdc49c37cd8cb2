using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A VM that can be created, and where.</summary>
/// <param name="Request">The complete request.</param>
/// <param name="Host">The registered name of the host.</param>
/// <param name="Reason">Why it goes there.</param>
public sealed record PlannedVm(VmRequest Request, string Host, string Reason)
{
    /// <summary>The type of machine that is expected; another may be taken within <see cref="VmRequest.MaxHourlyPrice"/>. Null where machines have no types.</summary>
    public string? MachineType { get; init; }

    /// <summary>How it is expected to be paid for; null where it costs nothing.</summary>
    public VmMarket? Market { get; init; }

    /// <summary>What it is expected to cost an hour, in US dollars; null where it costs nothing or that is not known.</summary>
    public decimal? HourlyPrice { get; init; }

    internal HostRoom? Room { get; init; }

    /// <summary>The most virtual CPUs that it can come to; null for those of the request.</summary>
    internal int? Cpu { get; init; }
}

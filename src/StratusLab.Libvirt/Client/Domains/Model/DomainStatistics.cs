namespace StratusLab.Libvirt;

/// <summary>Statistics of one domain out of a bulk call (<c>virDomainStatsRecord</c>).</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Parameters">All that the server gave. Names are documented at <c>virConnectGetAllDomainStats</c>, for example <c>block.0.rd.bytes</c>.</param>
public sealed record DomainStatistics(DomainRef Domain, TypedParameterList Parameters)
{
    /// <summary>The state, <c>state.state</c>; <see langword="null"/> unless <see cref="DomainStatisticsGroups.State"/> was asked for.</summary>
    public DomainState? State => Parameters.GetInt64("state.state") is { } value ? (DomainState)value : null;

    /// <summary>The reason for the state, <c>state.reason</c>.</summary>
    public int? StateReason => (int?)Parameters.GetInt64("state.reason");

    /// <summary>CPU time used, <c>cpu.time</c>, in nanoseconds; <see langword="null"/> when the domain does not run.</summary>
    public ulong? CpuTime => Parameters.GetUInt64("cpu.time");

    /// <summary>Current number of virtual CPUs, <c>vcpu.current</c>.</summary>
    public int? VirtualCpus => (int?)Parameters.GetInt64("vcpu.current");

    /// <summary>Most virtual CPUs that it may have, <c>vcpu.maximum</c>.</summary>
    public int? MaximumVirtualCpus => (int?)Parameters.GetInt64("vcpu.maximum");

    /// <summary>Memory that the guest has now, <c>balloon.current</c>, in KiB.</summary>
    public ulong? Memory => Parameters.GetUInt64("balloon.current");

    /// <summary>Memory that the guest may have, <c>balloon.maximum</c>, in KiB.</summary>
    public ulong? MaximumMemory => Parameters.GetUInt64("balloon.maximum");
}

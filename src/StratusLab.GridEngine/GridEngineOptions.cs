namespace StratusLab.GridEngine;

/// <summary>How Grid Engine is reached, and which of its hosts are the burst's.</summary>
public sealed record GridEngineOptions
{
    /// <summary>The queue whose hosts exist only while they are wanted; <c>burst.q</c> by default.</summary>
    public string BurstQueue { get; init; } = "burst.q";

    /// <summary>
    /// A hosts file into which the addresses of burst nodes are written as they are launched, for a resolver that reads it again when it changes (dnsmasq's
    /// <c>hostsdir</c>); null where their names resolve without it.
    /// </summary>
    public string? HostsFile { get; init; }

    /// <summary>Grid Engine's folder (<c>SGE_ROOT</c>); null for what the environment or the system says.</summary>
    public string? Root { get; init; }

    /// <summary>Its cell (<c>SGE_CELL</c>); null for what the environment or the system says.</summary>
    public string? Cell { get; init; }

    /// <summary>The folder of <c>qstat</c>, <c>qhost</c>, <c>qalter</c>, <c>qmod</c> and <c>qconf</c>; null to look on <c>PATH</c>.</summary>
    public string? ProgramFolder { get; init; }

    /// <summary>The longest that one of Grid Engine's commands may take; 60 s by default.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

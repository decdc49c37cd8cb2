namespace StratusLab.Libvirt;

/// <summary>How a block job is ended (<c>virDomainBlockJobAbortFlags</c>).</summary>
[Flags]
public enum BlockJobAbortFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_BLOCK_JOB_ABORT_ASYNC</c></summary>
    Async = 1u << 0,

    /// <summary><c>VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT</c></summary>
    Pivot = 1u << 1,
}

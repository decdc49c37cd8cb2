namespace StratusLab.Libvirt;

/// <summary>The state of a domain's job (<c>virDomainJobType</c>).</summary>
public enum DomainJobType
{
    /// <summary><c>VIR_DOMAIN_JOB_NONE</c></summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_JOB_BOUNDED</c></summary>
    Bounded = 1,

    /// <summary><c>VIR_DOMAIN_JOB_UNBOUNDED</c></summary>
    Unbounded = 2,

    /// <summary><c>VIR_DOMAIN_JOB_COMPLETED</c></summary>
    Completed = 3,

    /// <summary><c>VIR_DOMAIN_JOB_FAILED</c></summary>
    Failed = 4,

    /// <summary><c>VIR_DOMAIN_JOB_CANCELLED</c></summary>
    Cancelled = 5,
}

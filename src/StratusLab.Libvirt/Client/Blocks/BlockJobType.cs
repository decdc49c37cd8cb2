namespace StratusLab.Libvirt;

/// <summary>The kinds of block jobs (<c>virDomainBlockJobType</c>).</summary>
public enum BlockJobType
{
    /// <summary><c>VIR_DOMAIN_BLOCK_JOB_TYPE_UNKNOWN</c></summary>
    Unknown = 0,

    /// <summary><c>VIR_DOMAIN_BLOCK_JOB_TYPE_PULL</c></summary>
    Pull = 1,

    /// <summary><c>VIR_DOMAIN_BLOCK_JOB_TYPE_COPY</c></summary>
    Copy = 2,

    /// <summary><c>VIR_DOMAIN_BLOCK_JOB_TYPE_COMMIT</c></summary>
    Commit = 3,

    /// <summary><c>VIR_DOMAIN_BLOCK_JOB_TYPE_ACTIVE_COMMIT</c></summary>
    ActiveCommit = 4,

    /// <summary><c>VIR_DOMAIN_BLOCK_JOB_TYPE_BACKUP</c></summary>
    Backup = 5,
}

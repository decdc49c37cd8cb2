namespace StratusLab.Libvirt;

/// <summary>How a disk is copied (<c>virDomainBlockCopyFlags</c>).</summary>
[Flags]
public enum BlockCopyFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary><c>VIR_DOMAIN_BLOCK_COPY_SHALLOW</c></summary>
    Shallow = 1u << 0,

    /// <summary><c>VIR_DOMAIN_BLOCK_COPY_REUSE_EXT</c></summary>
    ReuseExternal = 1u << 1,

    /// <summary><c>VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB</c></summary>
    TransientJob = 1u << 2,

    /// <summary><c>VIR_DOMAIN_BLOCK_COPY_SYNCHRONOUS_WRITES</c></summary>
    SynchronousWrites = 1u << 3,
}

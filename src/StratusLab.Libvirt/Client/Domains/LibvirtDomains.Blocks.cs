using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

public sealed partial class LibvirtDomains
{
    /// <summary>Grows a disk of a running domain (<c>virDomainBlockResize</c>).</summary>
    /// <param name="domain">A running domain.</param>
    /// <param name="disk">The disk's target, such as <c>vda</c>, or its path.</param>
    /// <param name="size">The new size in bytes.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task ResizeBlockAsync(DomainRef domain, string disk, ulong size, CancellationToken cancellationToken = default)
    {
        const uint SizeIsInBytes = 1;
        return _rpc.CommandAsync(RemoteProcedure.DomainBlockResize, new XdrWriter().Domain(domain).String(disk).UInt64(size).UInt32(SizeIsInBytes), cancellationToken);
    }

    /// <summary>Gets the sizes of a disk (<c>virDomainGetBlockInfo</c>).</summary>
    public Task<BlockInfo> GetBlockInfoAsync(DomainRef domain, string disk, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainGetBlockInfo, new XdrWriter().Domain(domain).String(disk).UInt32(0), DomainCodec.ReadBlockInfo, cancellationToken);

    /// <summary>Begins to copy a disk while the domain runs (<c>virDomainBlockCopy</c>). The copy goes on until <see cref="AbortBlockJobAsync"/> ends or pivots it.</summary>
    /// <param name="domain">A running domain.</param>
    /// <param name="disk">The disk's target, such as <c>vda</c>.</param>
    /// <param name="destinationXml">The <c>disk</c> element of the copy.</param>
    /// <param name="parameters">Further settings: <c>bandwidth</c> (bytes per second), <c>granularity</c>, <c>buf-size</c>.</param>
    /// <param name="flags">How to copy.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task CopyBlockAsync(
        DomainRef domain,
        string disk,
        string destinationXml,
        IReadOnlyCollection<TypedParameter>? parameters = null,
        BlockCopyFlags flags = BlockCopyFlags.None,
        CancellationToken cancellationToken = default)
    {
        var arguments = new XdrWriter()
            .Domain(domain)
            .String(disk)
            .String(destinationXml)
            .Parameters(parameters ?? [], ProtocolLimits.BlockCopyParametersMax)
            .UInt32((uint)flags);
        return _rpc.CommandAsync(RemoteProcedure.DomainBlockCopy, arguments, cancellationToken);
    }

    /// <summary>Gets the progress of a disk's block job (<c>virDomainGetBlockJobInfo</c>).</summary>
    /// <returns>The progress, or <see langword="null"/> when the disk has no job.</returns>
    public Task<BlockJobInfo?> GetBlockJobInfoAsync(DomainRef domain, string disk, CancellationToken cancellationToken = default)
    {
        const uint BandwidthInBytes = 1;
        return _rpc.CommandAsync(RemoteProcedure.DomainGetBlockJobInfo, new XdrWriter().Domain(domain).String(disk).UInt32(BandwidthInBytes), DomainCodec.ReadBlockJob, cancellationToken);
    }

    /// <summary>Ends a block job, or lets the domain continue on the copy (<c>virDomainBlockJobAbort</c>).</summary>
    public Task AbortBlockJobAsync(DomainRef domain, string disk, BlockJobAbortFlags flags = BlockJobAbortFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.DomainBlockJobAbort, new XdrWriter().Domain(domain).String(disk).UInt32((uint)flags), cancellationToken);
}

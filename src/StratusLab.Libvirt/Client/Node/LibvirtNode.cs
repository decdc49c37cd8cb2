using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Calls about the host that the server runs on, and about the server.</summary>
public sealed class LibvirtNode
{
    private readonly RpcConnection _rpc;

    internal LibvirtNode(RpcConnection rpc) => _rpc = rpc;

    /// <summary>Gets the host's hardware (<c>virNodeGetInfo</c>).</summary>
    public Task<NodeInfo> GetInfoAsync(CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.NodeGetInfo, new XdrWriter(0), NodeCodec.ReadInfo, cancellationToken);

    /// <summary>Gets the host's free memory in bytes (<c>virNodeGetFreeMemory</c>).</summary>
    public Task<ulong> GetFreeMemoryAsync(CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.NodeGetFreeMemory, new XdrWriter(0), Replies.UInt64, cancellationToken);

    /// <summary>Gets memory figures of the whole host (<c>virNodeGetMemoryStats</c>).</summary>
    public async Task<NodeMemoryStatistics> GetMemoryStatisticsAsync(CancellationToken cancellationToken = default)
    {
        // The server insists on being asked for exactly as many figures as it has, and tells how many to who asks for none.
        var (count, _) = await AskAsync(0).ConfigureAwait(false);
        var (_, statistics) = await AskAsync(count).ConfigureAwait(false);
        return statistics;

        Task<(int Count, NodeMemoryStatistics Statistics)> AskAsync(int figures)
        {
            const int AllCells = -1;
            var arguments = new XdrWriter().Int32(figures).Int32(AllCells).UInt32(0);
            return _rpc.QueryAsync(RemoteProcedure.NodeGetMemoryStats, arguments, NodeCodec.ReadMemory, cancellationToken);
        }
    }

    /// <summary>Gets the host's name (<c>virConnectGetHostname</c>).</summary>
    public Task<string> GetHostNameAsync(CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.ConnectGetHostname, new XdrWriter(0), Replies.String, cancellationToken);

    /// <summary>Gets the URI by which the server knows this connection (<c>virConnectGetURI</c>).</summary>
    public Task<string> GetUriAsync(CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.ConnectGetUri, new XdrWriter(0), Replies.String, cancellationToken);

    /// <summary>Gets the hypervisor's version (<c>virConnectGetVersion</c>).</summary>
    public async Task<Version> GetHypervisorVersionAsync(CancellationToken cancellationToken = default) =>
        ToVersion(await _rpc.CommandAsync(RemoteProcedure.ConnectGetVersion, new XdrWriter(0), Replies.UInt64, cancellationToken).ConfigureAwait(false));

    /// <summary>Gets the version of libvirt at the far end (<c>virConnectGetLibVersion</c>).</summary>
    public async Task<Version> GetLibraryVersionAsync(CancellationToken cancellationToken = default) =>
        ToVersion(await _rpc.QueryAsync(RemoteProcedure.ConnectGetLibVersion, new XdrWriter(0), Replies.UInt64, cancellationToken).ConfigureAwait(false));

    /// <summary>Gets what host and hypervisor can do, as XML (<c>virConnectGetCapabilities</c>).</summary>
    public Task<string> GetCapabilitiesAsync(CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.ConnectGetCapabilities, new XdrWriter(0), Replies.String, cancellationToken);

    /// <summary>Gets what domains of a kind can have, as XML (<c>virConnectGetDomainCapabilities</c>).</summary>
    /// <param name="emulator">Path of the emulator; <see langword="null"/> for the default.</param>
    /// <param name="architecture">CPU architecture, for example x86_64; <see langword="null"/> for the host's.</param>
    /// <param name="machine">Machine type, for example q35; <see langword="null"/> for the default.</param>
    /// <param name="virtualizationType">kvm or qemu; <see langword="null"/> for the best.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task<string> GetDomainCapabilitiesAsync(
        string? emulator = null, string? architecture = null, string? machine = null, string? virtualizationType = null, CancellationToken cancellationToken = default)
    {
        var arguments = new XdrWriter()
            .OptionalString(emulator)
            .OptionalString(architecture)
            .OptionalString(machine)
            .OptionalString(virtualizationType)
            .UInt32(0);
        return _rpc.CommandAsync(RemoteProcedure.ConnectGetDomainCapabilities, arguments, Replies.String, cancellationToken);
    }

    /// <summary>Asks whether server and driver have a feature (<c>virConnectSupportsFeature</c>).</summary>
    public Task<bool> SupportsFeatureAsync(LibvirtFeature feature, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.ConnectSupportsFeature, new XdrWriter().Int32((int)feature), Replies.Truth, cancellationToken);

    /// <summary>libvirt packs a version as major * 1,000,000 + minor * 1,000 + release.</summary>
    private static Version ToVersion(ulong packed) =>
        packed < 1_000_000_000_000 ? new Version((int)(packed / 1_000_000), (int)(packed / 1_000 % 1_000), (int)(packed % 1_000)) : new Version(0, 0, 0);
}

using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>Calls about virtual networks.</summary>
public sealed class LibvirtNetworks
{
    private readonly RpcConnection _rpc;

    internal LibvirtNetworks(RpcConnection rpc) => _rpc = rpc;

    /// <summary>Lists networks (<c>virConnectListAllNetworks</c>); no flag means all.</summary>
    public Task<IReadOnlyList<NetworkRef>> ListAsync(NetworkListFlags flags = NetworkListFlags.None, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.ConnectListAllNetworks, new XdrWriter().Int32(1).UInt32((uint)flags), NetworkCodec.ReadAll, cancellationToken);

    /// <summary>Looks a network up by name (<c>virNetworkLookupByName</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoNetwork"/> when there is none.</exception>
    public Task<NetworkRef> LookupByNameAsync(string name, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.NetworkLookupByName, new XdrWriter().String(name), NetworkCodec.Read, cancellationToken);

    /// <summary>Looks a network up by its identity (<c>virNetworkLookupByUUID</c>).</summary>
    /// <exception cref="LibvirtServerException">With <see cref="LibvirtErrorCode.NoNetwork"/> when there is none.</exception>
    public Task<NetworkRef> LookupByUuidAsync(Guid uuid, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.NetworkLookupByUuid, new XdrWriter().Uuid(uuid), NetworkCodec.Read, cancellationToken);

    /// <summary>Gets the network's XML (<c>virNetworkGetXMLDesc</c>).</summary>
    public Task<string> GetXmlAsync(NetworkRef network, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.NetworkGetXmlDesc, new XdrWriter().Network(network).UInt32(0), Replies.String, cancellationToken);

    /// <summary>Whether the network runs (<c>virNetworkIsActive</c>).</summary>
    public Task<bool> IsActiveAsync(NetworkRef network, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.NetworkIsActive, new XdrWriter().Network(network), Replies.Truth, cancellationToken);

    /// <summary>Gets the name of the network's bridge on the host (<c>virNetworkGetBridgeName</c>).</summary>
    public Task<string> GetBridgeNameAsync(NetworkRef network, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(RemoteProcedure.NetworkGetBridgeName, new XdrWriter().Network(network), Replies.String, cancellationToken);

    /// <summary>Gets DHCP leases (<c>virNetworkGetDHCPLeases</c>).</summary>
    /// <param name="network">The network.</param>
    /// <param name="hardwareAddress">Of this MAC address only; <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task<IReadOnlyList<DhcpLease>> GetDhcpLeasesAsync(NetworkRef network, string? hardwareAddress = null, CancellationToken cancellationToken = default) =>
        _rpc.QueryAsync(
            RemoteProcedure.NetworkGetDhcpLeases,
            new XdrWriter().Network(network).OptionalString(hardwareAddress).Int32(1).UInt32(0),
            NetworkCodec.ReadLeases,
            cancellationToken);

    /// <summary>Defines a persistent network (<c>virNetworkDefineXML</c>).</summary>
    public Task<NetworkRef> DefineAsync(string xml, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.NetworkDefineXml, new XdrWriter(xml.Length + 8).String(xml), NetworkCodec.Read, cancellationToken);

    /// <summary>Starts a transient network (<c>virNetworkCreateXML</c>).</summary>
    public Task<NetworkRef> CreateTransientAsync(string xml, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.NetworkCreateXml, new XdrWriter(xml.Length + 8).String(xml), NetworkCodec.Read, cancellationToken);

    /// <summary>Starts a defined network (<c>virNetworkCreate</c>).</summary>
    public Task StartAsync(NetworkRef network, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.NetworkCreate, new XdrWriter().Network(network), cancellationToken);

    /// <summary>Sets whether the network starts with the host (<c>virNetworkSetAutostart</c>).</summary>
    public Task SetAutostartAsync(NetworkRef network, bool autostart, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.NetworkSetAutostart, new XdrWriter().Network(network).Truth(autostart), cancellationToken);

    /// <summary>Stops a network (<c>virNetworkDestroy</c>).</summary>
    public Task StopAsync(NetworkRef network, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.NetworkDestroy, new XdrWriter().Network(network), cancellationToken);

    /// <summary>Removes a network's definition (<c>virNetworkUndefine</c>).</summary>
    public Task UndefineAsync(NetworkRef network, CancellationToken cancellationToken = default) =>
        _rpc.CommandAsync(RemoteProcedure.NetworkUndefine, new XdrWriter().Network(network), cancellationToken);
}

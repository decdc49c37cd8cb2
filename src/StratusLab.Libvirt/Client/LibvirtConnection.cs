using StratusLab.Libvirt.Auth;
using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Transport;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

/// <summary>
/// A connection to a libvirt server. Many calls may be under way at once, from any thread. Once it has ended it stays so:
/// <see cref="Failure"/> tells why, and every further call fails with it.
/// </summary>
/// <remarks>
/// libvirt calls its protocol internal, yet has kept old clients working since 2007 by only ever appending to it. This client uses
/// procedures that libvirt 9.0 and 11.3 number and lay out alike; <see cref="ServerVersion"/> tells what is at the far end.
/// </remarks>
public sealed class LibvirtConnection : IAsyncDisposable
{
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromMilliseconds(500);

    private readonly RpcConnection _rpc;
    private readonly StreamConnections? _streams;

    private LibvirtConnection(LibvirtUri uri, RpcConnection rpc, LibvirtConnectionOptions options, StreamConnections? streams)
    {
        _rpc = rpc;
        _streams = streams;
        Uri = uri;
        Events = new LibvirtEvents(rpc, options.EventBufferSize);
        Node = new LibvirtNode(rpc);
        Domains = new LibvirtDomains(rpc, streams is null ? OpenStreamAsync : streams.OpenAsync);
        Snapshots = new LibvirtSnapshots(rpc);
        Migrations = new LibvirtMigrations(rpc);
        Pools = new LibvirtStoragePools(rpc);
        Volumes = streams is null ? new(rpc, OpenStreamAsync, OpenStreamAsync) : new(rpc, streams.OpenUploadAsync, streams.OpenAsync);
        Networks = new LibvirtNetworks(rpc);
    }

    /// <summary>Where it leads.</summary>
    public LibvirtUri Uri { get; }

    /// <summary>The version of libvirt at the far end.</summary>
    public Version ServerVersion { get; private set; } = new(0, 0, 0);

    /// <summary>Calls about the host and the server.</summary>
    public LibvirtNode Node { get; }

    /// <summary>Calls about domains.</summary>
    public LibvirtDomains Domains { get; }

    /// <summary>Calls about snapshots of domains.</summary>
    public LibvirtSnapshots Snapshots { get; }

    /// <summary>Calls about migrations and jobs.</summary>
    public LibvirtMigrations Migrations { get; }

    /// <summary>Calls about storage pools.</summary>
    public LibvirtStoragePools Pools { get; }

    /// <summary>Calls about volumes.</summary>
    public LibvirtStorageVolumes Volumes { get; }

    /// <summary>Calls about virtual networks.</summary>
    public LibvirtNetworks Networks { get; }

    /// <summary>Events of domains.</summary>
    public LibvirtEvents Events { get; }

    /// <summary>Whether it lives, as far as this side knows.</summary>
    public bool IsOpen => _rpc.IsOpen;

    /// <summary>What ended the connection; <see langword="null"/> while it lives.</summary>
    public LibvirtException? Failure => _rpc.Failure;

    /// <summary>Completes, never faulted, when the connection has ended.</summary>
    public Task Closed => _rpc.Closed;

    /// <summary>Connects, authenticates and opens the server's driver.</summary>
    /// <param name="uri">Where to.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LibvirtConnectionException">The server cannot be reached, took too long, or could not be trusted.</exception>
    /// <exception cref="LibvirtServerException">The server refused the credentials or could not open its driver.</exception>
    public static async Task<LibvirtConnection> OpenAsync(LibvirtUri uri, LibvirtConnectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        options ??= new LibvirtConnectionOptions();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            var transport = await TransportFactory.ConnectAsync(uri, options, limit.Token).ConfigureAwait(false);
            var streams = new StreamConnections(ct => OpenAsync(uri, options, ct));
            return await OpenAsync(uri, transport, options, streams, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LibvirtConnectionException($"Opening {uri} took longer than {options.ConnectTimeout.TotalSeconds:0.#} s. Check that {uri.Endpoint} is reachable and its libvirt daemon answers.");
        }
    }

    /// <summary>Says farewell to the server, if it still listens, and closes the connection. Calls under way fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_streams is not null)
            await _streams.DisposeAsync().ConfigureAwait(false);
        if (_rpc.IsOpen)
        {
            try
            {
                using var patience = new CancellationTokenSource(FarewellPatience);
                await _rpc.QueryAsync(RemoteProcedure.ConnectClose, new XdrWriter(0), patience.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is LibvirtException or OperationCanceledException)
            {
                // It is closed all the same.
            }
        }

        await _rpc.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Opens a connection over a transport that is already there. Without other connections for its streams they share this one.</summary>
    internal static async Task<LibvirtConnection> OpenAsync(
        LibvirtUri uri, Stream transport, LibvirtConnectionOptions options, StreamConnections? streams, CancellationToken cancellationToken)
    {
        var rpc = new RpcConnection(transport, uri.Endpoint, options);
        var connection = new LibvirtConnection(uri, rpc, options, streams);
        rpc.Start();
        try
        {
            await Authenticator.AuthenticateAsync(rpc, uri, options, cancellationToken).ConfigureAwait(false);
            await connection.HandshakeAsync(options, cancellationToken).ConfigureAwait(false);
            if (streams is not null)
                _ = EndWithAsync(rpc, streams);
            return connection;
        }
        catch (LibvirtConnectionException e) when (e.InnerException is { } cause)
        {
            await rpc.DisposeAsync().ConfigureAwait(false);
            throw new LibvirtConnectionException($"{uri} cannot be opened: {cause.Message}", RequestState.NotSent, e);
        }
        catch (LibvirtProtocolException e)
        {
            await rpc.DisposeAsync().ConfigureAwait(false);
            throw new LibvirtProtocolException($"{uri} cannot be opened, what answers there is not libvirt: {e.Message}", e.RequestState, e);
        }
        catch
        {
            await rpc.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal Task<RpcStream> OpenStreamAsync(RpcProcedure procedure, XdrWriter arguments, Action<Exception?> ended, CancellationToken cancellationToken) =>
        _rpc.OpenStreamAsync(procedure, arguments, ended, cancellationToken);

    private Task<RpcStream> OpenStreamAsync(RpcProcedure procedure, XdrWriter arguments, CancellationToken cancellationToken) =>
        OpenStreamAsync(procedure, arguments, static _ => { }, cancellationToken);

    private static async Task EndWithAsync(RpcConnection rpc, StreamConnections streams)
    {
        await rpc.Closed.ConfigureAwait(false);
        await streams.DisposeAsync().ConfigureAwait(false);
    }

    private async Task HandshakeAsync(LibvirtConnectionOptions options, CancellationToken cancellationToken)
    {
        const uint ReadOnlyFlag = 1;
        var keepAlive = options.KeepAliveInterval != Timeout.InfiniteTimeSpan
            && await Node.SupportsFeatureAsync(LibvirtFeature.KeepAlive, cancellationToken).ConfigureAwait(false);
        var arguments = new XdrWriter().OptionalString(Uri.ServerName).UInt32(options.ReadOnly ? ReadOnlyFlag : 0);
        await _rpc.QueryAsync(RemoteProcedure.ConnectOpen, arguments, cancellationToken).ConfigureAwait(false);
        ServerVersion = await Node.GetLibraryVersionAsync(cancellationToken).ConfigureAwait(false);
        if (keepAlive)
            _rpc.StartKeepAlive();
    }
}

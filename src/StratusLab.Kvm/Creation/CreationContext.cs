using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>What a host is asked once for a whole batch of requests, with all questions under way together.</summary>
internal sealed class CreationContext
{
    private readonly HostDefinition _host;
    private readonly Dictionary<string, StratusException?> _networks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, DomainRef> _domains = [];
    private readonly Dictionary<string, Guid> _names = new(StringComparer.Ordinal);

    private CreationContext(HostDefinition host, VolumePool pool, Accelerator accelerator, string architecture)
    {
        _host = host;
        Pool = pool;
        Accelerator = accelerator;
        Architecture = architecture;
    }

    public VolumePool Pool { get; }

    public Accelerator Accelerator { get; }

    /// <summary>CPU architecture of the host.</summary>
    public string Architecture { get; }

    public static async Task<CreationContext> ReadAsync(
        HostConnection host, Task<Accelerator> accelerator, IReadOnlyList<VmRequest> batch, CancellationToken cancellationToken)
    {
        var connection = await host.GetAsync(cancellationToken).ConfigureAwait(false);
        var pool = VolumePool.FindAsync(host, connection, cancellationToken);
        var node = connection.Node.GetInfoAsync(cancellationToken);
        var domains = connection.Domains.ListAsync(cancellationToken: cancellationToken);
        var names = batch.SelectMany(r => NetworksOf(r, host.Definition)).Distinct(StringComparer.Ordinal).ToList();
        var networks = Task.WhenAll(names.Select(n => CheckNetworkAsync(host.Definition, connection, n, cancellationToken)));
        await Task.WhenAll(pool, node, domains, networks, accelerator).ConfigureAwait(false);

        var context = new CreationContext(
            host.Definition, await pool.ConfigureAwait(false), await accelerator.ConfigureAwait(false), (await node.ConfigureAwait(false)).Model);
        foreach (var (name, error) in await networks.ConfigureAwait(false)) context._networks[name] = error;
        foreach (var domain in await domains.ConfigureAwait(false))
        {
            context._domains[domain.Uuid] = domain;
            context._names[domain.Name] = domain.Uuid;
        }

        var digests = batch.Select(r => r.Image.DiskDigest).Distinct(StringComparer.Ordinal);
        foreach (var digest in await Task.WhenAll(digests.Select(d => FindImageAsync(connection, context.Pool, d, cancellationToken))).ConfigureAwait(false))
        {
            if (digest is not null) context._images.Add(digest);
        }

        return context;
    }

    public static IReadOnlyList<string> NetworksOf(VmRequest request, HostDefinition host) => request.Networks.Count > 0 ? request.Networks : [host.Network];

    /// <summary>The domain that a request has already made.</summary>
    public DomainRef? Existing(VmNames names) => _domains.TryGetValue(names.Uuid, out var domain) ? domain : null;

    /// <summary>Refuses a request that cannot be carried out here, before anything is made for it.</summary>
    public void Check(VmRequest request)
    {
        lock (_names)
        {
            if (!_names.TryAdd(request.Name, VmNames.Of(request.RequestId).Uuid)) throw HostErrors.VmNameTaken(_host, request.Name);
        }

        foreach (var network in NetworksOf(request, _host))
        {
            if (_networks[network] is { } error) throw error;
        }

        if (!_images.Contains(request.Image.DiskDigest)) throw HostErrors.ImageNotOnHost(_host, request.Image);
    }

    private static async Task<string?> FindImageAsync(LibvirtConnection connection, VolumePool pool, string digest, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Volumes.LookupByNameAsync(pool.Ref, ImageNames.Of(digest).Mark, cancellationToken).ConfigureAwait(false);
            return digest;
        }
        catch (Exception e) when (e is InvalidInputException or LibvirtServerException { Code: LibvirtErrorCode.NoStorageVol })
        {
            return null;
        }
    }

    private static async Task<(string Name, StratusException? Error)> CheckNetworkAsync(HostDefinition host, LibvirtConnection connection, string name, CancellationToken cancellationToken)
    {
        try
        {
            var network = await connection.Networks.LookupByNameAsync(name, cancellationToken).ConfigureAwait(false);
            return (name, await connection.Networks.IsActiveAsync(network, cancellationToken).ConfigureAwait(false) ? null : HostErrors.NetworkInactive(host, name));
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoNetwork)
        {
            var known = await connection.Networks.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return (name, HostErrors.NetworkNotFound(host, name, known.Select(n => n.Name)));
        }
    }
}

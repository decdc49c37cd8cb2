using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>What a host is asked once for a whole batch of requests, with all questions under way together.</summary>
internal sealed class CreationContext
{
    private readonly HostDefinition _host;
    private readonly Dictionary<string, StratusException?> _networks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ImageBase? Image, StratusException? Error)> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, DomainRef> _domains = [];
    private readonly Dictionary<string, Guid> _names = new(StringComparer.Ordinal);

    private CreationContext(HostDefinition host, VolumePool pool, Leftovers leftovers, Accelerator accelerator, string architecture)
    {
        _host = host;
        Pool = pool;
        Leftovers = leftovers;
        Accelerator = accelerator;
        Architecture = architecture;
    }

    public VolumePool Pool { get; }

    /// <summary>What attempts at VMs had left in the pool before the domains were listed.</summary>
    public Leftovers Leftovers { get; }

    public Accelerator Accelerator { get; }

    /// <summary>CPU architecture of the host.</summary>
    public string Architecture { get; }

    public static async Task<CreationContext> ReadAsync(
        HostConnection host, ImageVerification verification, Task<Accelerator> accelerator, IReadOnlyList<VmRequest> batch, CancellationToken cancellationToken)
    {
        var connection = await host.GetAsync(cancellationToken).ConfigureAwait(false);
        var pool = ReadPoolAsync(host, connection, cancellationToken);
        var node = connection.Node.GetInfoAsync(cancellationToken);
        var names = batch.SelectMany(r => NetworksOf(r, host.Definition)).Distinct(StringComparer.Ordinal).ToList();
        var networks = Task.WhenAll(names.Select(n => CheckNetworkAsync(host.Definition, connection, n, cancellationToken)));
        await Task.WhenAll(pool, node, networks, accelerator).ConfigureAwait(false);

        var (place, volumes) = await pool.ConfigureAwait(false);
        var context = new CreationContext(
            host.Definition, place, Leftovers.In(place.Ref, volumes), await accelerator.ConfigureAwait(false), (await node.ConfigureAwait(false)).Model);
        foreach (var (name, error) in await networks.ConfigureAwait(false)) context._networks[name] = error;
        var images = PoolImages.In(volumes);
        var wanted = batch.Where(r => r.CopyDiskOf is null).Select(r => r.Image).DistinctBy(i => i.DiskDigest).ToList();
        var checks = Task.WhenAll(wanted.Select(i => CheckImageAsync(host.Definition, verification, connection, place, images, i, cancellationToken)));
        foreach (var (digest, image, error) in await checks.ConfigureAwait(false)) context._images[digest] = (image, error);
        var used = context._images.Values.Where(found => found.Error is null).Select(found => found.Image!.Names);
        var noted = Task.WhenAll(used.Select(n => ImageUseRecord.TouchAsync(connection, place, images, n, cancellationToken)));
        foreach (var domain in await connection.Domains.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            context._domains[domain.Uuid] = domain;
            context._names[domain.Name] = domain.Uuid;
        }

        await noted.ConfigureAwait(false);
        return context;
    }

    public static IReadOnlyList<string> NetworksOf(VmRequest request, HostDefinition host) => request.IsIsolated ? [] : request.Networks.Count > 0 ? request.Networks : [host.Network];

    /// <summary>The domain that a request has already made.</summary>
    public DomainRef? Existing(VmNames names) => _domains.TryGetValue(names.Uuid, out var domain) ? domain : null;

    /// <summary>The image's disk, which <see cref="Check"/> found there and sound.</summary>
    public ImageBase ImageOf(VmRequest request) => _images[request.Image.DiskDigest].Image!;

    /// <summary>Refuses a request that cannot be carried out here, before anything is made for it.</summary>
    public void Check(VmRequest request)
    {
        var uuid = VmNames.Of(request.RequestId).Uuid;
        lock (_names)
        {
            if (!_names.TryAdd(request.Name, uuid) && _names[request.Name] != uuid) throw HostErrors.VmNameTaken(_host, request.Name);
        }

        foreach (var network in NetworksOf(request, _host))
        {
            if (_networks[network] is { } error) throw error;
        }

        if (request.CopyDiskOf is null && _images[request.Image.DiskDigest].Error is { } unusable) throw unusable;
    }

    /// <summary>Sees whether the image is there and as it was verified.</summary>
    private static async Task<(string Digest, ImageBase? Image, StratusException? Error)> CheckImageAsync(
        HostDefinition host, ImageVerification verification, LibvirtConnection connection, VolumePool pool, PoolImages images, ImageDescriptor image, CancellationToken cancellationToken)
    {
        try
        {
            var names = ImageNames.Of(image.DiskDigest);
            if (images.Usable(names, image.Format) is not { } there) return (image.DiskDigest, null, HostErrors.ImageNotOnHost(host, image.ToString()));
            var isThere = await verification.CheckAsync(connection, pool, there, cancellationToken).ConfigureAwait(false);
            return (image.DiskDigest, there, isThere ? null : HostErrors.ImageNotOnHost(host, image.ToString()));
        }
        catch (StratusException e)
        {
            return (image.DiskDigest, null, e);
        }
    }

    private static async Task<(VolumePool Pool, IReadOnlyList<StorageVolumeRef> Volumes)> ReadPoolAsync(HostConnection host, LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var pool = await VolumePool.FindAsync(host, connection, cancellationToken).ConfigureAwait(false);
        return (pool, await connection.Volumes.ListAsync(pool.Ref, cancellationToken).ConfigureAwait(false));
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

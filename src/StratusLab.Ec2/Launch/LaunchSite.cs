using System.Collections.Concurrent;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Images;
using StratusLab.Ec2.Client.Operations.Network;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Hosts;
using StratusLab.Ec2.Images;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Launch;

/// <summary>What launches have in common, looked up once and kept for some minutes: images and subnets.</summary>
internal sealed class LaunchSite : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly HostDefinition _host;
    private readonly Ec2Uri _uri;
    private readonly IEc2Client _ec2;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, Cached<Image>> _images = new(StringComparer.Ordinal);
    private readonly Cached<IReadOnlyList<Subnet>> _subnets;

    public LaunchSite(HostDefinition host, Ec2Uri uri, IEc2Client ec2, TimeProvider clock)
    {
        (_host, _uri, _ec2, _clock) = (host, uri, ec2, clock);
        _subnets = new Cached<IReadOnlyList<Subnet>>(clock, Lifetime, ListSubnetsAsync);
    }

    /// <summary>The machine image made from an image, found by its digest.</summary>
    public Task<Image> ImageAsync(ImageDescriptor image, CancellationToken cancellationToken = default) =>
        _images.GetOrAdd(image.Digest, _ => new Cached<Image>(_clock, Lifetime, cancel => FindImageAsync(image, cancel))).GetAsync(cancellationToken);

    /// <summary>Forgets a machine image that EC2 says is gone.</summary>
    public void Forget(ImageDescriptor image) => _images.TryRemove(image.Digest, out _);

    /// <summary>All subnets, by zone.</summary>
    public Task<IReadOnlyList<Subnet>> AllSubnetsAsync(CancellationToken cancellationToken = default) => _subnets.GetAsync(cancellationToken);

    /// <summary>The subnets that a request may go to, by zone.</summary>
    public async Task<IReadOnlyList<Subnet>> SubnetsAsync(VmRequest request, CancellationToken cancellationToken = default)
    {
        var all = await _subnets.GetAsync(cancellationToken).ConfigureAwait(false);
        var network = request.Networks is [var only] ? only : _host.Network;
        IReadOnlyList<Subnet> matching = [.. all.Where(s => network == "default" ? s.IsDefault : s.SubnetId == network || s.Tags.GetValueOrDefault(VmTags.Name) == network)];
        return matching.Count > 0 ? matching : throw VmErrors.NetworkNotFound(_host, network);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var image in _images.Values) image.Dispose();
        _subnets.Dispose();
    }

    private async Task<Image> FindImageAsync(ImageDescriptor image, CancellationToken cancellationToken)
    {
        if (image.HostImages is not null) return await new NativeImages(_host, _uri, _ec2).GetAsync(image, cancellationToken).ConfigureAwait(false);
        var filters = new[] { new Filter { Name = "tag:" + VmTags.ImageDigest, Values = [image.Digest] }, new Filter { Name = "state", Values = [ImageState.Available.Value] } };
        var images = await _ec2.SendAsync(new DescribeImages { Owners = ["self"], Filters = filters }, cancellationToken).ConfigureAwait(false);
        return images.OrderBy(i => i.CreationDate, StringComparer.Ordinal).ThenBy(i => i.ImageId, StringComparer.Ordinal).FirstOrDefault() ?? throw VmErrors.ImageNotOnHost(_host, image);
    }

    private async Task<IReadOnlyList<Subnet>> ListSubnetsAsync(CancellationToken cancellationToken)
    {
        var subnets = new List<Subnet>();
        var describe = new DescribeSubnets { Filters = [new Filter { Name = "state", Values = ["available"] }] };
        await foreach (var subnet in _ec2.ListAsync(describe, cancellationToken).ConfigureAwait(false)) subnets.Add(subnet);
        return [.. subnets.OrderBy(s => s.AvailabilityZone, StringComparer.Ordinal)];
    }
}

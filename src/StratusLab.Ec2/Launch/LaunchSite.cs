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

/// <summary>What the launches of one batch have in common, looked up once: images, subnets, the security group.</summary>
internal sealed class LaunchSite(HostDefinition host, Ec2Uri uri, IEc2Client ec2)
{
    private readonly Dictionary<string, Task<Image>> _images = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Task<IReadOnlyList<Subnet>>? _subnets;
    private Task<string?>? _group;

    /// <summary>The machine image made from an image, found by its digest.</summary>
    public Task<Image> ImageAsync(ImageDescriptor image, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (!_images.TryGetValue(image.Digest, out var found)) _images[image.Digest] = found = FindImageAsync(image, cancellationToken);
            return found;
        }
    }

    /// <summary>The subnets that a request may go to, those with most free addresses first.</summary>
    public async Task<IReadOnlyList<Subnet>> SubnetsAsync(VmRequest request, CancellationToken cancellationToken = default)
    {
        Task<IReadOnlyList<Subnet>> task;
        lock (_gate) task = _subnets ??= ListSubnetsAsync(cancellationToken);
        var all = await task.ConfigureAwait(false);
        var network = request.Networks is [var only] ? only : host.Network;
        IReadOnlyList<Subnet> matching = [.. all.Where(s => network == "default" ? s.IsDefault : s.SubnetId == network || s.Tags.GetValueOrDefault(VmTags.Name) == network)];
        return matching.Count > 0 ? matching : throw VmErrors.NetworkNotFound(host, network);
    }

    /// <summary>Identity of the security group; null for the network's default.</summary>
    public Task<string?> GroupAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate) return _group ??= FindGroupAsync(cancellationToken);
    }

    private async Task<Image> FindImageAsync(ImageDescriptor image, CancellationToken cancellationToken)
    {
        if (image.HostImages is not null) return await new NativeImages(host, uri, ec2).GetAsync(image, cancellationToken).ConfigureAwait(false);
        var filters = new[] { new Filter { Name = "tag:" + VmTags.ImageDigest, Values = [image.Digest] }, new Filter { Name = "state", Values = [ImageState.Available.Value] } };
        var images = await ec2.SendAsync(new DescribeImages { Owners = ["self"], Filters = filters }, cancellationToken).ConfigureAwait(false);
        return images.OrderBy(i => i.CreationDate, StringComparer.Ordinal).ThenBy(i => i.ImageId, StringComparer.Ordinal).FirstOrDefault() ?? throw VmErrors.ImageNotOnHost(host, image);
    }

    private async Task<IReadOnlyList<Subnet>> ListSubnetsAsync(CancellationToken cancellationToken)
    {
        var subnets = new List<Subnet>();
        var describe = new DescribeSubnets { Filters = [new Filter { Name = "state", Values = ["available"] }] };
        await foreach (var subnet in ec2.ListAsync(describe, cancellationToken).ConfigureAwait(false)) subnets.Add(subnet);
        return [.. subnets.OrderBy(s => s.AvailabilityZone, StringComparer.Ordinal)];
    }

    private async Task<string?> FindGroupAsync(CancellationToken cancellationToken)
    {
        if (uri.SecurityGroup is not { } wanted) return null;
        var filter = new Filter { Name = wanted.StartsWith("sg-", StringComparison.Ordinal) ? "group-id" : "group-name", Values = [wanted] };
        await foreach (var group in ec2.ListAsync(new DescribeSecurityGroups { Filters = [filter] }, cancellationToken).ConfigureAwait(false)) return group.GroupId;
        throw VmErrors.Invalid(host, "Uri", $"Host '{host.Name}' has no security group '{wanted}'.");
    }
}

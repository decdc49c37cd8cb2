using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Network;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Hosts;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Launch;

/// <summary>
/// Sees to the security groups that VMs are launched into: the one that the host's URI names, else one for each set of open TCP ports, which is
/// shared by all VMs of the network that ask for those.
/// </summary>
internal sealed class SecurityGroups(HostDefinition host, Ec2Uri uri, IEc2Client ec2, TimeProvider clock) : IDisposable
{
    private const string Ports = "stratuslab:ports", Duplicate = "InvalidPermission.Duplicate", Ssh = "22";
    private const int MaxName = 255;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Vpc, string Name), Cached<string>> _groups = new();

    /// <summary>Identity of the security group for a request; null for the network's default.</summary>
    public async Task<string?> EnsureAsync(VmRequest request, string vpc, CancellationToken cancellationToken = default)
    {
        if (uri.SecurityGroup is { } wanted) return await Cache(vpc, wanted, cancel => FindAsync(vpc, wanted, cancel)).GetAsync(cancellationToken).ConfigureAwait(false);
        if (PortsOf(request) is not { } ports) return null;
        var name = NameOf(ports);
        return await Cache(vpc, name, cancel => EnsureAsync(vpc, name, ports, cancel)).GetAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets what was looked up: a group is gone.</summary>
    public void Forget() => _groups.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in _groups.Values) group.Dispose();
    }

    private Cached<string> Cache(string vpc, string name, Func<CancellationToken, Task<string>> find) =>
        _groups.GetOrAdd((vpc, name), _ => new Cached<string>(clock, Lifetime, find));

    // Who brings a key wants to come in with it.
    private static IReadOnlyList<string>? PortsOf(VmRequest request) =>
        request.OpenPorts is { } ports ? [.. ports.Distinct().Order().Select(port => port.ToString(CultureInfo.InvariantCulture))]
        : request.Guest.SshKeys.Count > 0 ? [Ssh]
        : null;

    private string NameOf(IReadOnlyList<string> ports)
    {
        var name = $"stratuslab tcp {(ports.Count == 0 ? "none" : string.Join(',', ports))} from {uri.From}";
        return name.Length <= MaxName ? name : $"stratuslab tcp {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}";
    }

    private async Task<string> FindAsync(string vpc, string wanted, CancellationToken cancellationToken)
    {
        var filter = new Filter { Name = wanted.StartsWith("sg-", StringComparison.Ordinal) ? "group-id" : "group-name", Values = [wanted] };
        return (await FirstAsync([filter, new Filter { Name = "vpc-id", Values = [vpc] }], cancellationToken).ConfigureAwait(false))?.GroupId
            ?? throw VmErrors.Invalid(host, "Uri", $"Host '{host.Name}' has no security group '{wanted}' in network {vpc}. Create it, or correct the URI's 'group'.");
    }

    private async Task<string> EnsureAsync(string vpc, string name, IReadOnlyList<string> ports, CancellationToken cancellationToken)
    {
        Filter[] filters = [new Filter { Name = "group-name", Values = [name] }, new Filter { Name = "vpc-id", Values = [vpc] }];
        var group = await FirstAsync(filters, cancellationToken).ConfigureAwait(false);
        if (group is null)
        {
            try
            {
                var id = await ec2.SendAsync(Creation(vpc, name, ports), cancellationToken).ConfigureAwait(false);
                await AuthorizeAsync(id, ports, cancellationToken).ConfigureAwait(false);
                return id;
            }
            catch (HostRefusedException e) when (Ec2ErrorCode.IsDuplicate(e.Code))
            {
                // Another process was faster, and may not have opened the ports yet.
                group = await FirstAsync(filters, cancellationToken).ConfigureAwait(false);
                if (group is null) throw;
            }
        }

        if (!group.Tags.ContainsKey(Ports)) throw VmErrors.Invalid(host, "OpenPorts", $"Host '{host.Name}' has a security group '{name}' that was not made by StratusLab. Rename it, or name a group in the URI.");
        var wanted = ports.ToHashSet(StringComparer.Ordinal);
        var strange = group.Ingress.Where(permission => !IsOurs(permission) || !wanted.Contains(PortOf(permission))).ToList();
        if (strange.Count > 0) await ec2.SendAsync(new RevokeSecurityGroupIngress { GroupId = group.GroupId, Permissions = strange }, cancellationToken).ConfigureAwait(false);
        wanted.ExceptWith(group.Ingress.Except(strange).Select(PortOf));
        await AuthorizeAsync(group.GroupId, wanted, cancellationToken).ConfigureAwait(false);
        return group.GroupId;
    }

    private static CreateSecurityGroup Creation(string vpc, string name, IReadOnlyList<string> ports) => new()
    {
        GroupName = name,
        VpcId = vpc,
        Description = ports.Count == 0 ? "VMs of StratusLab that nobody reaches from outside" : "VMs of StratusLab with these TCP ports open",
        TagSpecifications = [new TagSpecification { ResourceType = "security-group", Tags = new Dictionary<string, string> { [VmTags.Name] = name, [Ports] = ports.Count.ToString(CultureInfo.InvariantCulture) } }],
    };

    private async Task AuthorizeAsync(string group, IReadOnlyCollection<string> ports, CancellationToken cancellationToken)
    {
        if (ports.Count == 0) return;
        try
        {
            await ec2.SendAsync(new AuthorizeSecurityGroupIngress { GroupId = group, Permissions = [.. ports.Select(Permission)] }, cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (e.Code == Duplicate && ports.Count > 1)
        {
            // One that is there spoils the call.
            foreach (var port in ports) await AuthorizeAsync(group, [port], cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (e.Code == Duplicate)
        {
            // Another process was faster.
        }
    }

    private IPPermission Permission(string port)
    {
        var number = int.Parse(port, CultureInfo.InvariantCulture);
        return uri.From.Contains(':', StringComparison.Ordinal)
            ? new IPPermission { Protocol = "tcp", FromPort = number, ToPort = number, IPv6Ranges = [new IPv6Range { Cidr = uri.From }] }
            : new IPPermission { Protocol = "tcp", FromPort = number, ToPort = number, IPv4Ranges = [new IPv4Range { Cidr = uri.From }] };
    }

    private bool IsOurs(IPPermission permission) =>
        permission.Protocol == "tcp" && permission.FromPort == permission.ToPort && permission.Groups.Count == 0
        && permission.IPv4Ranges.Select(range => range.Cidr).Concat(permission.IPv6Ranges.Select(range => range.Cidr)).SequenceEqual([uri.From], StringComparer.OrdinalIgnoreCase);

    private static string PortOf(IPPermission permission) => string.Create(CultureInfo.InvariantCulture, $"{permission.FromPort}");

    private async Task<SecurityGroup?> FirstAsync(IReadOnlyList<Filter> filters, CancellationToken cancellationToken)
    {
        await foreach (var group in ec2.ListAsync(new DescribeSecurityGroups { Filters = filters }, cancellationToken).ConfigureAwait(false)) return group;
        return null;
    }
}

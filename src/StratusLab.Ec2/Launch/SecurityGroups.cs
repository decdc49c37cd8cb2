using System.Collections.Concurrent;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Network;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Hosts;

namespace StratusLab.Ec2.Launch;

/// <summary>Finds the security groups that VMs are launched into.</summary>
internal sealed class SecurityGroups(HostDefinition host, Ec2Uri uri, IEc2Client ec2, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Cached<string>> _groups = new(StringComparer.Ordinal);

    /// <summary>Identity of the security group; null for the network's default.</summary>
    public async Task<string?> FindAsync(CancellationToken cancellationToken = default) => uri.SecurityGroup is { } name
        ? await _groups.GetOrAdd(name, _ => new Cached<string>(clock, Lifetime, cancel => FindAsync(name, cancel))).GetAsync(cancellationToken).ConfigureAwait(false)
        : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in _groups.Values) group.Dispose();
    }

    private async Task<string> FindAsync(string wanted, CancellationToken cancellationToken)
    {
        var filter = new Filter { Name = wanted.StartsWith("sg-", StringComparison.Ordinal) ? "group-id" : "group-name", Values = [wanted] };
        await foreach (var group in ec2.ListAsync(new DescribeSecurityGroups { Filters = [filter] }, cancellationToken).ConfigureAwait(false)) return group.GroupId;
        throw VmErrors.Invalid(host, "Uri", $"Host '{host.Name}' has no security group '{wanted}'.");
    }
}

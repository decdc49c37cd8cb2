using System.Net;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Types;

namespace StratusLab.Ec2.Vms;

/// <summary>The region's instances as VMs. One that is being terminated is gone.</summary>
internal sealed class VmInventory(HostDefinition host, IEc2Client ec2, TypeCatalogue types)
{
    // The most values that one filter takes.
    private const int MaxFilterValues = 200;

    private static readonly Filter Existing = new()
    {
        Name = "instance-state-name",
        Values = [InstanceState.Pending.Value, InstanceState.Running.Value, InstanceState.Stopping.Value, InstanceState.Stopped.Value],
    };

    public async IAsyncEnumerable<VirtualMachine> ListAsync(VmQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var names = query.Names.ToHashSet(StringComparer.Ordinal);
        var keys = query.Keys.ToHashSet(StringComparer.Ordinal);
        var requests = query.RequestIds.ToHashSet();
        var describe = new DescribeInstances { MaxResults = 1000, Filters = [.. Filters(query)] };
        await foreach (var reservation in ec2.ListAsync(describe, cancellationToken).ConfigureAwait(false))
        {
            foreach (var instance in reservation.Instances)
            {
                var vm = await ViewAsync(instance, cancellationToken).ConfigureAwait(false);
                if ((!vm.IsManaged && !query.IncludeUnmanaged) || (names.Count > 0 && !names.Contains(vm.Name)) || (keys.Count > 0 && !keys.Contains(vm.Id.Key))) continue;
                if (requests.Count == 0 || (vm.RequestId is { } request && requests.Contains(request))) yield return vm;
            }
        }
    }

    /// <summary>Those of the VMs that exist, by their keys.</summary>
    public async Task<Dictionary<string, VirtualMachine>> FindAsync(IEnumerable<VmId> vms, CancellationToken cancellationToken = default)
    {
        var found = new Dictionary<string, VirtualMachine>(StringComparer.Ordinal);
        foreach (var keys in vms.Select(vm => vm.Key).Distinct(StringComparer.Ordinal).Chunk(MaxFilterValues))
        {
            await foreach (var vm in ListAsync(new VmQuery { IncludeUnmanaged = true, Keys = keys }, cancellationToken).ConfigureAwait(false)) found[vm.Id.Key] = vm;
        }

        return found;
    }

    /// <summary>The VM that an instance is.</summary>
    public async Task<VirtualMachine> ViewAsync(Instance instance, CancellationToken cancellationToken = default)
    {
        var type = await types.GetAsync(instance.InstanceType, cancellationToken).ConfigureAwait(false);
        var vm = new VirtualMachine
        {
            Id = new VmId(host.Name, instance.InstanceId),
            Name = instance.Tags.TryGetValue(VmTags.Name, out var name) && name.Length > 0 ? name : instance.InstanceId,
            State = State(instance.State),
            Cpu = type?.VCpu ?? instance.CoreCount * instance.ThreadsPerCore,
            Memory = ByteSize.FromMiB(type?.MemoryMiB ?? 0),
            IPAddresses = [.. Addresses(instance)],
            Architecture = instance.Architecture == CpuArchitecture.Arm64 ? "aarch64" : instance.Architecture.ToString(),
            CreatedAt = instance.LaunchTime,
        };
        return VmTags.Apply(vm, instance.Tags);
    }

    public static VmState State(InstanceState state) =>
        state == InstanceState.Pending ? VmState.Pending
        : state == InstanceState.Running ? VmState.Running
        : state == InstanceState.Stopping || state == InstanceState.ShuttingDown ? VmState.Stopping
        : state == InstanceState.Stopped ? VmState.Stopped
        : VmState.Unknown;

    // The public address first: it is the one that can be reached from here.
    private static IEnumerable<IPAddress> Addresses(Instance instance)
    {
        foreach (var text in (string?[])[instance.PublicIPAddress, instance.PrivateIPAddress, instance.IPv6Address])
        {
            if (IPAddress.TryParse(text, out var address)) yield return address;
        }
    }

    private static IEnumerable<Filter> Filters(VmQuery query)
    {
        yield return Existing;
        if (!query.IncludeUnmanaged) yield return new Filter { Name = "tag-key", Values = [VmTags.Request] };
        if (query.Keys.Count is > 0 and <= MaxFilterValues) yield return new Filter { Name = "instance-id", Values = [.. query.Keys] };
        if (query.RequestIds.Count is > 0 and <= MaxFilterValues) yield return new Filter { Name = "tag:" + VmTags.Request, Values = [.. query.RequestIds.Select(id => id.ToString("D"))] };
        if (query.Names.Count is > 0 and <= MaxFilterValues && !query.IncludeUnmanaged) yield return new Filter { Name = "tag:" + VmTags.Name, Values = [.. query.Names] };
    }
}

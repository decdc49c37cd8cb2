using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Launch;
using StratusLab.Ec2.Types;

namespace StratusLab.Ec2.Vms;

/// <summary>The region's instances as VMs. One that is being terminated is gone.</summary>
internal sealed class VmInventory(HostDefinition host, IEc2Client ec2, TypeCatalogue types, LaunchCalls calls, RecentLaunches recent, TimeProvider clock)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static readonly Filter Existing = new()
    {
        Name = "instance-state-name",
        Values = [InstanceState.Pending.Value, InstanceState.Running.Value, InstanceState.Stopping.Value, InstanceState.Stopped.Value],
    };

    /// <summary>The VMs that a query asks for, those among them that were launched a moment ago and are not described yet.</summary>
    public async IAsyncEnumerable<VirtualMachine> ListAsync(VmQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // What other processes of the site launched for the requests may not be listed either.
        if (query.RequestIds.Count > 0)
        {
            foreach (var record in await calls.FindAsync(query.RequestIds, cancellationToken).ConfigureAwait(false))
            {
                foreach (var request in query.RequestIds)
                {
                    if (record.MadeFor(request) is { } made) recent.Add(made, record.Call.At);
                }
            }
        }

        var selection = new VmSelection(query);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var describe = new DescribeInstances { MaxResults = 1000, Filters = [Existing, .. selection.Filters()] };
        await foreach (var reservation in ec2.ListAsync(describe, cancellationToken).ConfigureAwait(false))
        {
            foreach (var instance in reservation.Instances)
            {
                if (!seen.Add(instance.InstanceId)) continue;
                var vm = await ViewAsync(instance, cancellationToken).ConfigureAwait(false);
                if (selection.Holds(vm)) yield return vm;
            }
        }

        var missing = new List<(Instance Instance, VirtualMachine Vm)>();
        foreach (var instance in recent.Except(seen))
        {
            var vm = await ViewAsync(instance, cancellationToken).ConfigureAwait(false);
            if (selection.Holds(vm)) missing.Add((instance, vm));
        }

        if (missing.Count == 0) yield break;
        var described = await LookAsync([.. missing.Select(m => m.Instance.InstanceId)], cancellationToken).ConfigureAwait(false);
        foreach (var (instance, vm) in missing)
        {
            if (!described.TryGetValue(instance.InstanceId, out var now)) yield return vm;
            else if (!Exists(now)) recent.Remove(instance.InstanceId);
            else if (await ViewAsync(now, cancellationToken).ConfigureAwait(false) is var present && selection.Holds(present)) yield return present;
        }
    }

    /// <summary>What EC2 says of instances, terminated ones too.</summary>
    public async Task<Dictionary<string, Instance>> LookAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        var found = new Dictionary<string, Instance>(StringComparer.Ordinal);
        foreach (var some in ids.Chunk(VmSelection.MaxFilterValues))
        {
            var describe = new DescribeInstances { MaxResults = 1000, Filters = [new Filter { Name = "instance-id", Values = some }] };
            await foreach (var reservation in ec2.ListAsync(describe, cancellationToken).ConfigureAwait(false))
            {
                foreach (var instance in reservation.Instances) found[instance.InstanceId] = instance;
            }
        }

        return found;
    }

    /// <summary>Notes an instance that was just launched, and tells what it is.</summary>
    public async Task<VirtualMachine> NoteAsync(Instance instance, CancellationToken cancellationToken = default)
    {
        recent.Add(instance, clock.GetUtcNow());
        return await ViewAsync(instance, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Notes that an instance was terminated.</summary>
    public void Forget(string id) => recent.Remove(id);

    /// <summary>Whether EC2 may not know an instance yet.</summary>
    public bool MayBeUnlisted(string id) => recent.Contains(id);

    /// <summary>Whether an instance is more than a memory.</summary>
    public static bool Exists(Instance instance) => instance.State != InstanceState.ShuttingDown && instance.State != InstanceState.Terminated;

    /// <summary>Those of the VMs that exist, by their keys.</summary>
    public async Task<Dictionary<string, VirtualMachine>> FindAsync(IEnumerable<VmId> vms, CancellationToken cancellationToken = default) =>
        (await SearchAsync(vms.Select(vm => vm.Key), cancellationToken).ConfigureAwait(false)).Found;

    /// <summary>What EC2 says of VMs. One that the listing lacks is looked for once more: a page may have been lost.</summary>
    public async Task<VmSearch> SearchAsync(IEnumerable<string> ids, CancellationToken cancellationToken = default)
    {
        var found = new Dictionary<string, VirtualMachine>(StringComparer.Ordinal);
        var undescribed = new HashSet<string>(StringComparer.Ordinal);
        var keys = ids.ToHashSet(StringComparer.Ordinal);
        if (keys.Count == 0) return new VmSearch(found, undescribed);
        await foreach (var vm in ListAsync(new VmQuery { IncludeUnmanaged = true, Keys = keys }, cancellationToken).ConfigureAwait(false)) found[vm.Id.Key] = vm;
        undescribed.UnionWith(keys.Where(key => !found.ContainsKey(key) && IsInstanceId(key)));
        if (undescribed.Count == 0) return new VmSearch(found, undescribed);
        foreach (var (id, instance) in await LookAsync([.. undescribed], cancellationToken).ConfigureAwait(false))
        {
            undescribed.Remove(id);
            if (Exists(instance)) found[id] = await ViewAsync(instance, cancellationToken).ConfigureAwait(false);
        }

        return new VmSearch(found, undescribed);
    }

    // What has another form is none, now and later.
    private static bool IsInstanceId(string id) => id.Length is >= 10 and <= 19 && id.StartsWith("i-", StringComparison.Ordinal) && id.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0;

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
            MachineType = instance.InstanceType,
            Zone = instance.Placement?.AvailabilityZone,
            Market = instance.Market == MarketType.Spot ? VmMarket.Spot : VmMarket.OnDemand,
        };
        return VmTags.Apply(vm, instance.Tags, instance.AmiLaunchIndex);
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
}

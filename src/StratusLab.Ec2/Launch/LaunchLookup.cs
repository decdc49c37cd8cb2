using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2.Launch;

/// <summary>Looks up what became of launches, which EC2 may not list yet.</summary>
internal sealed class LaunchLookup(IEc2Client ec2, LaunchCalls calls, VmInventory inventory, TimeProvider clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    /// <summary>Lets time pass.</summary>
    public Task PauseAsync(TimeSpan time, CancellationToken cancellationToken = default) => Task.Delay(time, clock, cancellationToken);

    /// <summary>
    /// The instances that calls made for requests and that are there now. One that was made a moment ago and is not listed is among them, as pending.
    /// </summary>
    public async Task<IReadOnlyList<Instance>> MadeAsync(IReadOnlyList<LaunchRecord> records, IEnumerable<Guid> requests, CancellationToken cancellationToken = default)
    {
        var made = new List<(Instance Instance, DateTimeOffset At)>();
        foreach (var request in requests)
        {
            foreach (var record in records)
            {
                if (record.MadeFor(request) is { } instance) made.Add((instance, record.Call.At));
            }
        }

        if (made.Count == 0) return [];
        var ids = made.Select(m => m.Instance.InstanceId).ToList();
        var described = await inventory.LookAsync(ids, cancellationToken).ConfigureAwait(false);

        // A listing may lose a page; two hardly lose the same.
        if (described.Count < made.Count)
        {
            foreach (var (id, instance) in await inventory.LookAsync([.. ids.Where(id => !described.ContainsKey(id))], cancellationToken).ConfigureAwait(false)) described[id] = instance;
        }

        var there = new List<Instance>();
        foreach (var (instance, at) in made)
        {
            if (described.TryGetValue(instance.InstanceId, out var seen))
            {
                if (VmInventory.Exists(seen)) there.Add(seen);
            }
            else if (clock.GetUtcNow() - at < LaunchCalls.ListingDelay)
            {
                there.Add(instance);
            }
        }

        return there;
    }

    /// <summary>Settles calls of one token by what EC2 lists; waits until that is certain.</summary>
    public async Task SettleAsync(IReadOnlyList<JournalledCall> same, CancellationToken cancellationToken = default)
    {
        while (!await TrySettleAsync(same, cancellationToken).ConfigureAwait(false)) await PauseAsync(Poll, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Settles calls of one token by what EC2 lists now, if that is certain.</summary>
    public async Task<bool> TrySettleAsync(IReadOnlyList<JournalledCall> same, CancellationToken cancellationToken = default)
    {
        foreach (var call in same) await calls.EndedAsync(call, cancellationToken).ConfigureAwait(false);
        var isLate = same.All(call => clock.GetUtcNow() - call.At > LaunchCalls.ListingDelay);
        var found = await FindAsync(same[0], cancellationToken).ConfigureAwait(false);
        if (found.Count < same[0].Intent.Requests.Count)
        {
            // As long as it may not all be listed, there may be more; and a listing may lose a page.
            if (!isLate) return false;
            var again = await FindAsync(same[0], cancellationToken).ConfigureAwait(false);
            if (again.Count != found.Count) return false;
        }

        foreach (var call in same)
        {
            if (found.Count > 0) await calls.SettleAsync(call, CallState.Done, LaunchRecord.Outcome(found)).ConfigureAwait(false);
            else await calls.SettleAsync(call, CallState.Refused, "It never arrived: no instance bears its token.").ConfigureAwait(false);
        }

        return true;
    }

    private async Task<IReadOnlyList<Instance>> FindAsync(JournalledCall call, CancellationToken cancellationToken)
    {
        var found = new List<Instance>();
        var describe = new DescribeInstances { MaxResults = 1000, Filters = [new Filter { Name = "client-token", Values = [call.Intent.Token] }] };
        await foreach (var reservation in ec2.ListAsync(describe, cancellationToken).ConfigureAwait(false)) found.AddRange(reservation.Instances);
        return found;
    }
}

using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Client.Model;

namespace StratusLab.Ec2.Launch;

/// <summary>
/// Finds out what became of launches that were interrupted. What has no call was never asked for; what a call made is known by its outcome or its
/// token; and what EC2 does not list <see cref="LaunchCalls.ListingDelay"/> after its call was written was never launched.
/// </summary>
internal sealed class LaunchRecovery(LaunchCalls calls, LaunchLookup lookup)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    /// <summary>Requests with the instance that is there for each, or without, as soon as that is certain. Can be cut short and begun anew.</summary>
    public async IAsyncEnumerable<IReadOnlyDictionary<Guid, Instance?>> RunAsync(IEnumerable<Guid> requests, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var left = requests.ToHashSet();
        while (true)
        {
            var records = await calls.FindAsync(left, cancellationToken).ConfigureAwait(false);
            var open = records.Where(record => record.Call.State == CallState.Open).ToList();
            var isChanged = false;
            foreach (var same in open.GroupBy(record => record.Call.Intent.Token, StringComparer.Ordinal))
                isChanged |= await lookup.TrySettleAsync([.. same.Select(record => record.Call)], cancellationToken).ConfigureAwait(false);
            if (isChanged) continue;

            var uncertain = open.SelectMany(record => record.Call.Intent.Requests).ToHashSet();
            var certain = left.Where(request => !uncertain.Contains(request)).ToList();
            var made = await lookup.MadeAsync(records, certain, cancellationToken).ConfigureAwait(false);
            var byRequest = made.Select(instance => (Instance: instance, Vms.MemberTags.Find(instance.Tags, instance.AmiLaunchIndex)?.Request))
                .Where(m => m.Request is not null).DistinctBy(m => m.Request).ToDictionary(m => m.Request!.Value, m => m.Instance);
            left.ExceptWith(certain);
            if (certain.Count > 0) yield return certain.ToDictionary(request => request, byRequest.GetValueOrDefault);
            if (left.Count == 0) yield break;
            await lookup.PauseAsync(Poll, cancellationToken).ConfigureAwait(false);
        }
    }
}

using System.Collections.Concurrent;
using StratusLab.Core;

namespace StratusLab.Ec2.Launch;

/// <summary>Where EC2 had no machines a while ago, so that it is not asked again and again: 3 minutes at first, twice as long each time, up to 30.</summary>
internal sealed class CapacityMemory(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(3), Longest = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<(string Type, string Subnet, VmMarket Market), (DateTimeOffset Until, TimeSpan Span)> _lacking = new();

    /// <summary>Whether EC2 had no machines there lately.</summary>
    public bool IsLacking(LaunchPlace place) => _lacking.TryGetValue(Key(place), out var lack) && clock.GetUtcNow() < lack.Until;

    /// <summary>Notes that EC2 has no machines there.</summary>
    public void Lacks(LaunchPlace place)
    {
        var now = clock.GetUtcNow();
        _lacking.AddOrUpdate(
            Key(place),
            _ => (now + First, First),
            (_, before) =>
            {
                // Batches that run side by side learn it together.
                if (now < before.Until) return before;
                var span = before.Span * 2 < Longest ? before.Span * 2 : Longest;
                return (now + span, span);
            });
    }

    /// <summary>Notes that EC2 has machines there.</summary>
    public void Has(LaunchPlace place) => _lacking.TryRemove(Key(place), out _);

    private static (string Type, string Subnet, VmMarket Market) Key(LaunchPlace place) => (place.InstanceType, place.SubnetId, place.Market);
}

using System.Collections.Concurrent;
using StratusLab.Ec2.Client.Model;

namespace StratusLab.Ec2.Vms;

/// <summary>The instances launched a moment ago, which EC2 may not list yet.</summary>
internal sealed class RecentLaunches(TimeSpan delay, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (Instance Instance, DateTimeOffset Until)> _launched = new(StringComparer.Ordinal);

    /// <summary>Notes a launch.</summary>
    public void Add(Instance instance, DateTimeOffset at)
    {
        if (clock.GetUtcNow() < at + delay) _launched[instance.InstanceId] = (instance, at + delay);
    }

    /// <summary>Notes that an instance is no more.</summary>
    public void Remove(string id) => _launched.TryRemove(id, out _);

    /// <summary>Whether EC2 may not know an instance yet that is there.</summary>
    public bool Contains(string id) => _launched.TryGetValue(id, out var launch) && clock.GetUtcNow() < launch.Until;

    /// <summary>Those that are not among the ones seen.</summary>
    public IReadOnlyList<Instance> Except(IReadOnlySet<string> seen)
    {
        var now = clock.GetUtcNow();
        var missing = new List<Instance>();
        foreach (var (id, (instance, until)) in _launched)
        {
            if (now >= until) Remove(id);
            else if (!seen.Contains(id)) missing.Add(instance);
        }

        return missing;
    }
}

using StratusLab.Core;
using StratusLab.Ec2.Client.Model;

namespace StratusLab.Ec2.Launch;

/// <summary>A launch that the call journal knows.</summary>
internal sealed class LaunchRecord(JournalledCall call)
{
    public const string Action = "RunInstances";

    // Stands where an instance of a launch was never seen.
    private const string Unseen = "-";

    private const string TagSpecification = "TagSpecification.1.";

    private Dictionary<string, string>? _parameters;
    private Dictionary<string, string>? _tags;

    public JournalledCall Call => call;

    /// <summary>What was asked for, user data as its SHA-256.</summary>
    public IReadOnlyDictionary<string, string> Parameters => _parameters ??= LaunchText.Read(call.Intent.Request);

    /// <summary>The tags that the instances were asked for with.</summary>
    public IReadOnlyDictionary<string, string> Tags => _tags ??= ReadTags();

    /// <summary>The outcome of a launch that made these instances.</summary>
    public static string Outcome(IReadOnlyList<Instance> instances)
    {
        var ids = Enumerable.Repeat(Unseen, instances.Count == 0 ? 0 : instances.Max(i => i.AmiLaunchIndex) + 1).ToArray();
        foreach (var instance in instances) ids[instance.AmiLaunchIndex] = instance.InstanceId;
        return string.Join(' ', ids);
    }

    /// <summary>The instance that it made for a request, as it was asked for; null if it made none.</summary>
    public Instance? MadeFor(Guid request)
    {
        if (call.State != CallState.Done || call.Outcome is not { Length: > 0 } outcome) return null;
        var ids = outcome.Split(' ');
        for (var index = 0; index < Math.Min(ids.Length, call.Intent.Requests.Count); index++)
        {
            if (call.Intent.Requests[index] != request || ids[index] == Unseen) continue;
            return new Instance
            {
                InstanceId = ids[index],
                State = InstanceState.Pending,
                InstanceType = Parameters.GetValueOrDefault("InstanceType", ""),
                ImageId = Parameters.GetValueOrDefault("ImageId", ""),
                SubnetId = Parameters.GetValueOrDefault("SubnetId"),
                ClientToken = call.Intent.Token,
                AmiLaunchIndex = index,
                LaunchTime = call.At,
                Market = new MarketType(Parameters.GetValueOrDefault("InstanceMarketOptions.MarketType", "")),
                Tags = Tags,
            };
        }

        return null;
    }

    private Dictionary<string, string> ReadTags()
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var number = 1; Parameters.TryGetValue($"{TagSpecification}Tag.{number}.Key", out var key); number++)
            tags[key] = Parameters.GetValueOrDefault($"{TagSpecification}Tag.{number}.Value", "");
        return tags;
    }
}

using System.Diagnostics;
using StratusLab.Core;
using StratusLab.Ec2;
using StratusLab.Rig;

namespace StratusLab.Benchmarks;

/// <summary>Name, identity, state, size, addresses and tags of all instances of a region, read through the provider.</summary>
internal static class Ec2Listing
{
    public const string Work = "ec2-list";

    public static IComputeProvider Open(string endpoint) =>
        new Ec2ProviderFactory().Create(new HostDefinition { Name = "bench", Uri = $"ec2://eu-west-1?endpoint={endpoint}" }, new MemoryCallJournal());

    /// <summary>In a process of its own: lists once, and tells how many it saw.</summary>
    public static async Task<long> MeasureAsync(string endpoint)
    {
        await using var provider = Open(endpoint);
        return await ReadAsync(provider, CancellationToken.None);
    }

    public static async Task<TimeSpan> TimeAsync(IComputeProvider provider, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var seen = await ReadAsync(provider, cancel);
        var time = Stopwatch.GetElapsedTime(start);
        RecordedRegion.Check(seen);
        return time;
    }

    public static async Task<int> ReadAsync(IComputeProvider provider, CancellationToken cancel)
    {
        var complete = 0;
        await foreach (var vm in provider.ListAsync(VmQuery.Managed, cancel))
        {
            if (vm is { Id.Key.Length: > 0, Name.Length: > 0, State: VmState.Running, Cpu: > 0, Memory.Bytes: > 0, IPAddresses.Count: 2, Owner.Length: > 0, Labels.Count: 2 }) complete++;
        }

        return complete;
    }
}

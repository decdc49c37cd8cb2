using System.Collections.Concurrent;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.InstanceTypes;

namespace StratusLab.Ec2.Launch;

/// <summary>The region's instance types, asked for when first needed and kept: they change every few weeks.</summary>
internal sealed class TypeCatalogue(IEc2Client ec2) : IDisposable
{
    private readonly ConcurrentDictionary<string, InstanceTypeInfo?> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IReadOnlyList<InstanceTypeInfo>? _all;
    private ILookup<string, string>? _zones;

    /// <summary>One type; null if EC2 no longer describes it.</summary>
    public async Task<InstanceTypeInfo?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        if (_known.TryGetValue(name, out var type)) return type;
        await foreach (var found in ec2.ListAsync(new DescribeInstanceTypes { Filters = [new Filter { Name = "instance-type", Values = [name] }] }, cancellationToken).ConfigureAwait(false))
            type = found;
        return _known[name] = type;
    }

    /// <summary>The types that fit, the smallest first; of equals those with credits for bursts first, which are cheaper.</summary>
    public async Task<IReadOnlyList<InstanceTypeInfo>> FittingAsync(MachineNeeds needs, CancellationToken cancellationToken = default)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        var architecture = needs.Architecture == "aarch64" ? CpuArchitecture.Arm64 : new CpuArchitecture(needs.Architecture);
        return
        [
            .. _all!
                .Where(t => t.VCpu >= needs.Cpu && ByteSize.FromMiB(t.MemoryMiB) >= needs.Memory && t.Architectures.Contains(architecture) && t is { BareMetal: false, CurrentGeneration: true })
                .Where(t => needs.MachineType is null ? t.Gpus.Sum(gpu => gpu.Count) >= needs.Gpu && (needs.Gpu > 0 || t.Gpus.Count == 0) : t.Name == needs.MachineType)
                .OrderBy(t => t.VCpu).ThenBy(t => t.MemoryMiB).ThenByDescending(t => t.IsBurstable).ThenBy(t => t.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The zones that have a type.</summary>
    public async Task<IReadOnlySet<string>> ZonesAsync(string type, CancellationToken cancellationToken = default)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        return _zones![type].ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>Asks for all types, unless they are here.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_zones is not null) return;
            var all = new List<InstanceTypeInfo>();
            await foreach (var type in ec2.ListAsync(new DescribeInstanceTypes { MaxResults = 100 }, cancellationToken).ConfigureAwait(false))
            {
                all.Add(type);
                _known[type.Name] = type;
            }

            var offers = new List<InstanceTypeOffering>();
            await foreach (var offer in ec2.ListAsync(new DescribeInstanceTypeOfferings { LocationType = LocationType.AvailabilityZone, MaxResults = 1000 }, cancellationToken).ConfigureAwait(false))
                offers.Add(offer);
            _all = all;
            _zones = offers.ToLookup(o => o.InstanceType, o => o.Location, StringComparer.Ordinal);
        }
        finally
        {
            _gate.Release();
        }
    }
}

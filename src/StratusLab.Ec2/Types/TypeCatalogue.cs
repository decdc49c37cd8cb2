using System.Collections.Concurrent;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.InstanceTypes;

namespace StratusLab.Ec2.Types;

/// <summary>The region's instance types, asked for when first needed and kept: they change every few weeks.</summary>
internal sealed class TypeCatalogue : IDisposable
{
    private static readonly TimeSpan Age = TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<string, InstanceTypeInfo?> _known = new(StringComparer.Ordinal);
    private readonly IEc2Client _ec2;
    private readonly Cached<RegionTypes> _region;

    public TypeCatalogue(IEc2Client ec2, TimeProvider clock)
    {
        _ec2 = ec2;
        _region = new Cached<RegionTypes>(clock, Age, LoadAsync);
    }

    /// <summary>All the types, and where they are.</summary>
    public Task<RegionTypes> ListAsync(CancellationToken cancellationToken = default) => _region.GetAsync(cancellationToken);

    /// <summary>One type; null if EC2 no longer describes it.</summary>
    public async Task<InstanceTypeInfo?> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        if (_known.TryGetValue(name, out var type)) return type;
        await foreach (var found in _ec2.ListAsync(new DescribeInstanceTypes { Filters = [new Filter { Name = "instance-type", Values = [name] }] }, cancellationToken).ConfigureAwait(false))
            type = found;
        return _known[name] = type;
    }

    /// <inheritdoc/>
    public void Dispose() => _region.Dispose();

    private async Task<RegionTypes> LoadAsync(CancellationToken cancellationToken)
    {
        var types = TypesAsync(cancellationToken);
        var offerings = OfferingsAsync(cancellationToken);
        await Task.WhenAll(types, offerings).ConfigureAwait(false);
        return new RegionTypes(await types.ConfigureAwait(false), await offerings.ConfigureAwait(false));
    }

    private async Task<IReadOnlyList<InstanceTypeInfo>> TypesAsync(CancellationToken cancellationToken)
    {
        var types = new List<InstanceTypeInfo>();
        await foreach (var type in _ec2.ListAsync(new DescribeInstanceTypes { MaxResults = 100 }, cancellationToken).ConfigureAwait(false))
        {
            types.Add(type);
            _known[type.Name] = type;
        }

        return types;
    }

    private async Task<ILookup<string, string>> OfferingsAsync(CancellationToken cancellationToken)
    {
        var offerings = new List<InstanceTypeOffering>();
        var describe = new DescribeInstanceTypeOfferings { LocationType = LocationType.AvailabilityZone, MaxResults = 1000 };
        await foreach (var offering in _ec2.ListAsync(describe, cancellationToken).ConfigureAwait(false)) offerings.Add(offering);
        return offerings.ToLookup(o => o.InstanceType, o => o.Location, StringComparer.Ordinal);
    }
}

using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>One instance type in one place that a fleet may use.</summary>
internal sealed record FleetOverride : IQueryObject
{
    public string? InstanceType { get; init; }

    public string? SubnetId { get; init; }

    public string? AvailabilityZone { get; init; }

    public string? MaxPrice { get; init; }

    public double? Priority { get; init; }

    public double? WeightedCapacity { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("InstanceType", InstanceType);
        query.Add("SubnetId", SubnetId);
        query.Add("AvailabilityZone", AvailabilityZone);
        query.Add("MaxPrice", MaxPrice);
        query.Add("Priority", Priority);
        query.Add("WeightedCapacity", WeightedCapacity);
    }
}

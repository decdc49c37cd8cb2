using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Fleets;

/// <summary>Launches instances of several types and places in one call.</summary>
internal sealed record CreateFleet : Ec2Operation<FleetResult>
{
    public string? ClientToken { get; init; }

    public required FleetType Type { get; init; }

    public required int TotalCapacity { get; init; }

    public UsageClass? CapacityType { get; init; }

    public SpotAllocation? SpotAllocation { get; init; }

    public int? MinSpotCapacity { get; init; }

    public string? MaxTotalPrice { get; init; }

    public OnDemandAllocation? OnDemandAllocation { get; init; }

    public int? MinOnDemandCapacity { get; init; }

    public IReadOnlyList<FleetLaunchTemplate> LaunchTemplates { get; init; } = [];

    public IReadOnlyList<TagSpecification> TagSpecifications { get; init; } = [];

    /// <inheritdoc/>
    public override bool IsRepeatable => ClientToken is not null;

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("ClientToken", ClientToken);
        query.Add("Type", Type.Value);
        query.Add("TargetCapacitySpecification.TotalTargetCapacity", TotalCapacity);
        query.Add("TargetCapacitySpecification.DefaultTargetCapacityType", CapacityType?.Value);
        query.Add("SpotOptions.AllocationStrategy", SpotAllocation?.Value);
        query.Add("SpotOptions.MinTargetCapacity", MinSpotCapacity);
        query.Add("SpotOptions.MaxTotalPrice", MaxTotalPrice);
        query.Add("OnDemandOptions.AllocationStrategy", OnDemandAllocation?.Value);
        query.Add("OnDemandOptions.MinTargetCapacity", MinOnDemandCapacity);
        query.Add("LaunchTemplateConfigs", LaunchTemplates);
        query.Add("TagSpecification", TagSpecifications);
    }

    /// <inheritdoc/>
    public override FleetResult Read(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Instances;

/// <summary>Launches instances: at least the lesser number, at most the greater, or none. The same token launches once.</summary>
internal sealed record RunInstances : Ec2Operation<Reservation>
{
    public string? ImageId { get; init; }

    public string? InstanceType { get; init; }

    public required int MinCount { get; init; }

    public required int MaxCount { get; init; }

    public string? ClientToken { get; init; }

    public string? KeyName { get; init; }

    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    public string? SubnetId { get; init; }

    public string? UserData { get; init; }

    public Placement? Placement { get; init; }

    public IReadOnlyList<BlockDeviceMapping> BlockDevices { get; init; } = [];

    public IReadOnlyList<NetworkInterfaceSpecification> NetworkInterfaces { get; init; } = [];

    public MetadataOptions? MetadataOptions { get; init; }

    public InstanceMarketOptions? MarketOptions { get; init; }

    public ShutdownBehavior? ShutdownBehavior { get; init; }

    public bool? CanHibernate { get; init; }

    public CpuOptions? CpuOptions { get; init; }

    public CpuCredits? CpuCredits { get; init; }

    public bool? EbsOptimized { get; init; }

    public LaunchTemplateReference? LaunchTemplate { get; init; }

    public IReadOnlyList<TagSpecification> TagSpecifications { get; init; } = [];

    /// <inheritdoc/>
    public override bool IsRepeatable => ClientToken is not null;

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("ImageId", ImageId);
        query.Add("InstanceType", InstanceType);
        query.Add("MinCount", MinCount);
        query.Add("MaxCount", MaxCount);
        query.Add("ClientToken", ClientToken);
        query.Add("KeyName", KeyName);
        query.Add("SecurityGroupId", SecurityGroupIds);
        query.Add("SubnetId", SubnetId);
        query.Add("UserData", UserData);
        query.Add("Placement", Placement);
        query.Add("BlockDeviceMapping", BlockDevices);
        query.Add("NetworkInterface", NetworkInterfaces);
        query.Add("MetadataOptions", MetadataOptions);
        query.Add("InstanceMarketOptions", MarketOptions);
        query.Add("InstanceInitiatedShutdownBehavior", ShutdownBehavior?.Value);
        query.Add("HibernationOptions.Configured", CanHibernate);
        query.Add("CpuOptions", CpuOptions);
        query.Add("CreditSpecification.CpuCredits", CpuCredits?.Value);
        query.Add("EbsOptimized", EbsOptimized);
        query.Add("LaunchTemplate", LaunchTemplate);
        query.Add("TagSpecification", TagSpecifications);
    }

    /// <inheritdoc/>
    public override Reservation Read(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>What a launch template says.</summary>
internal sealed record LaunchTemplateData : IQueryObject
{
    public string? ImageId { get; init; }

    public string? InstanceType { get; init; }

    public string? KeyName { get; init; }

    public string? UserData { get; init; }

    public bool? EbsOptimized { get; init; }

    public ShutdownBehavior? ShutdownBehavior { get; init; }

    public string? PlacementGroup { get; init; }

    public MetadataOptions? MetadataOptions { get; init; }

    public IReadOnlyList<BlockDeviceMapping> BlockDevices { get; init; } = [];

    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    public IReadOnlyList<NetworkInterfaceSpecification> NetworkInterfaces { get; init; } = [];

    public bool? CanHibernate { get; init; }

    public IReadOnlyList<TagSpecification> TagSpecifications { get; init; } = [];

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("ImageId", ImageId);
        query.Add("InstanceType", InstanceType);
        query.Add("KeyName", KeyName);
        query.Add("UserData", UserData);
        query.Add("EbsOptimized", EbsOptimized);
        query.Add("InstanceInitiatedShutdownBehavior", ShutdownBehavior?.Value);
        query.Add("Placement.GroupName", PlacementGroup);
        query.Add("MetadataOptions", MetadataOptions);
        query.Add("BlockDeviceMapping", BlockDevices);
        query.Add("SecurityGroupId", SecurityGroupIds);
        query.Add("NetworkInterface", NetworkInterfaces);
        query.Add("HibernationOptions.Configured", CanHibernate);
        query.Add("TagSpecification", TagSpecifications);
    }

    /// <summary>Its name only: the user data may hold secrets.</summary>
    public override string ToString() => nameof(LaunchTemplateData);
}

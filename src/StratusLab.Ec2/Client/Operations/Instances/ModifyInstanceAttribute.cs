using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Instances;

/// <summary>Changes one property of an instance; some only while it is stopped.</summary>
internal sealed record ModifyInstanceAttribute : Ec2Command
{
    public required string InstanceId { get; init; }

    public string? InstanceType { get; init; }

    public string? UserData { get; init; }

    public bool? DisableApiTermination { get; init; }

    public ShutdownBehavior? ShutdownBehavior { get; init; }

    public bool? EbsOptimized { get; init; }

    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("InstanceId", InstanceId);
        query.Add("InstanceType.Value", InstanceType);
        query.Add("UserData.Value", UserData);
        query.Add("DisableApiTermination.Value", DisableApiTermination);
        query.Add("InstanceInitiatedShutdownBehavior.Value", ShutdownBehavior?.Value);
        query.Add("EbsOptimized.Value", EbsOptimized);
        query.Add("GroupId", SecurityGroupIds);
    }
}

using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Instances;

/// <summary>Asks the guests to reboot.</summary>
internal sealed record RebootInstances : Ec2Command
{
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("InstanceId", InstanceIds);
    }
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Instances;

/// <summary>Starts stopped instances.</summary>
internal sealed record StartInstances : Ec2List<InstanceStateChange>
{
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "instancesSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("InstanceId", InstanceIds);
    }

    /// <inheritdoc/>
    protected override InstanceStateChange ReadItem(Ec2XmlReader xml) => new(xml);
}

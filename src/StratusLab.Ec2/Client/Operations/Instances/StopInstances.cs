using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Instances;

/// <summary>Stops instances; their volumes are kept.</summary>
internal sealed record StopInstances : Ec2List<InstanceStateChange>
{
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    public bool? Hibernate { get; init; }

    public bool? Force { get; init; }

    /// <inheritdoc/>
    protected override string Set => "instancesSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("InstanceId", InstanceIds);
        query.Add("Hibernate", Hibernate);
        query.Add("Force", Force);
    }

    /// <inheritdoc/>
    protected override InstanceStateChange ReadItem(Ec2XmlReader xml) => new(xml);
}

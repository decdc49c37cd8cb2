using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Instances;

/// <summary>Lists the checks of instances and what EC2 plans to do to them.</summary>
internal sealed record DescribeInstanceStatus : Ec2PagedOperation<InstanceStatus>
{
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    public bool? IncludeAllInstances { get; init; }

    /// <inheritdoc/>
    protected override string Set => "instanceStatusSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("InstanceId", InstanceIds);
        query.Add("Filter", Filters);
        query.Add("IncludeAllInstances", IncludeAllInstances);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override InstanceStatus ReadItem(Ec2XmlReader xml) => new(xml);
}

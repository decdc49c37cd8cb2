using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.InstanceTypes;

/// <summary>Lists instance types.</summary>
internal sealed record DescribeInstanceTypes : Ec2PagedOperation<InstanceTypeInfo>
{
    public IReadOnlyList<string> InstanceTypes { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "instanceTypeSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("InstanceType", InstanceTypes);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override InstanceTypeInfo ReadItem(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.InstanceTypes;

/// <summary>Lists the limits of the account that the EC2 API tells.</summary>
internal sealed record DescribeAccountAttributes : Ec2List<AccountAttribute>
{
    public IReadOnlyList<string> AttributeNames { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "accountAttributeSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("AttributeName", AttributeNames);
    }

    /// <inheritdoc/>
    protected override AccountAttribute ReadItem(Ec2XmlReader xml) => new(xml);
}

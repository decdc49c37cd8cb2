using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Fleets;

/// <summary>Lists launch templates.</summary>
internal sealed record DescribeLaunchTemplates : Ec2PagedOperation<LaunchTemplate>
{
    public IReadOnlyList<string> Ids { get; init; } = [];

    public IReadOnlyList<string> Names { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "launchTemplates";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("LaunchTemplateId", Ids);
        query.Add("LaunchTemplateName", Names);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override LaunchTemplate ReadItem(Ec2XmlReader xml) => new(xml);
}

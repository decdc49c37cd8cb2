using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Images;

/// <summary>Lists images.</summary>
internal sealed record DescribeImages : Ec2List<Image>
{
    public IReadOnlyList<string> ImageIds { get; init; } = [];

    public IReadOnlyList<string> Owners { get; init; } = [];

    public IReadOnlyList<string> ExecutableBy { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    public bool? IncludeDeprecated { get; init; }

    /// <inheritdoc/>
    protected override string Set => "imagesSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("ImageId", ImageIds);
        query.Add("Owner", Owners);
        query.Add("ExecutableBy", ExecutableBy);
        query.Add("Filter", Filters);
        query.Add("IncludeDeprecated", IncludeDeprecated);
    }

    /// <inheritdoc/>
    protected override Image ReadItem(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Tags;

/// <summary>Lists tags and what bears them.</summary>
internal sealed record DescribeTags : Ec2PagedOperation<TagDescription>
{
    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "tagSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override TagDescription ReadItem(Ec2XmlReader xml) => new(xml);
}

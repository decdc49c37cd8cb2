using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Volumes;

/// <summary>Lists volumes.</summary>
internal sealed record DescribeVolumes : Ec2PagedOperation<Volume>
{
    public IReadOnlyList<string> VolumeIds { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <inheritdoc/>
    protected override string Set => "volumeSet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("VolumeId", VolumeIds);
        query.Add("Filter", Filters);
        base.Write(query);
    }

    /// <inheritdoc/>
    protected override Volume ReadItem(Ec2XmlReader xml) => new(xml);
}

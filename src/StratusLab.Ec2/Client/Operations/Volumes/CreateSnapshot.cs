using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Volumes;

/// <summary>Begins a snapshot of a volume.</summary>
internal sealed record CreateSnapshot : Ec2Operation<Snapshot>
{
    public required string VolumeId { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<TagSpecification> TagSpecifications { get; init; } = [];

    /// <inheritdoc/>
    public override bool IsRepeatable => false;

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("VolumeId", VolumeId);
        query.Add("Description", Description);
        query.Add("TagSpecification", TagSpecifications);
    }

    /// <inheritdoc/>
    public override Snapshot Read(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Volumes;

/// <summary>Makes a volume.</summary>
internal sealed record CreateVolume : Ec2Operation<Volume>
{
    public required string AvailabilityZone { get; init; }

    public int? SizeGiB { get; init; }

    public string? SnapshotId { get; init; }

    public VolumeType? VolumeType { get; init; }

    public int? Iops { get; init; }

    public int? Throughput { get; init; }

    public bool? Encrypted { get; init; }

    public string? KmsKeyId { get; init; }

    public string? ClientToken { get; init; }

    public IReadOnlyList<TagSpecification> TagSpecifications { get; init; } = [];

    /// <inheritdoc/>
    public override bool IsRepeatable => ClientToken is not null;

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("AvailabilityZone", AvailabilityZone);
        query.Add("Size", SizeGiB);
        query.Add("SnapshotId", SnapshotId);
        query.Add("VolumeType", VolumeType?.Value);
        query.Add("Iops", Iops);
        query.Add("Throughput", Throughput);
        query.Add("Encrypted", Encrypted);
        query.Add("KmsKeyId", KmsKeyId);
        query.Add("ClientToken", ClientToken);
        query.Add("TagSpecification", TagSpecifications);
    }

    /// <inheritdoc/>
    public override Volume Read(Ec2XmlReader xml) => new(xml);
}

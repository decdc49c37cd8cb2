using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Volumes;

/// <summary>Detaches a volume.</summary>
internal sealed record DetachVolume : Ec2Operation<VolumeAttachment>
{
    public required string VolumeId { get; init; }

    public string? InstanceId { get; init; }

    public string? Device { get; init; }

    public bool? Force { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("VolumeId", VolumeId);
        query.Add("InstanceId", InstanceId);
        query.Add("Device", Device);
        query.Add("Force", Force);
    }

    /// <inheritdoc/>
    public override VolumeAttachment Read(Ec2XmlReader xml) => new(xml);
}

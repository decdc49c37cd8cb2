using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Volumes;

/// <summary>Attaches a volume to an instance.</summary>
internal sealed record AttachVolume : Ec2Operation<VolumeAttachment>
{
    public required string VolumeId { get; init; }

    public required string InstanceId { get; init; }

    public required string Device { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("VolumeId", VolumeId);
        query.Add("InstanceId", InstanceId);
        query.Add("Device", Device);
    }

    /// <inheritdoc/>
    public override VolumeAttachment Read(Ec2XmlReader xml) => new(xml);
}

using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Volumes;

/// <summary>Deletes a volume that is not attached.</summary>
internal sealed record DeleteVolume : Ec2Command
{
    public required string VolumeId { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("VolumeId", VolumeId);
    }
}

using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Images;

/// <summary>Withdraws an image; its snapshots and instances stay.</summary>
internal sealed record DeregisterImage : Ec2Command
{
    public required string ImageId { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("ImageId", ImageId);
    }
}

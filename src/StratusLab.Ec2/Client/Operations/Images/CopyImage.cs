using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Images;

/// <summary>Copies an image from another region.</summary>
internal sealed record CopyImage : Ec2Text
{
    public required string SourceImageId { get; init; }

    public required string SourceRegion { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public bool? Encrypted { get; init; }

    public string? KmsKeyId { get; init; }

    public string? ClientToken { get; init; }

    /// <inheritdoc/>
    public override bool IsRepeatable => ClientToken is not null;

    /// <inheritdoc/>
    protected override string Element => "imageId";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("SourceImageId", SourceImageId);
        query.Add("SourceRegion", SourceRegion);
        query.Add("Name", Name);
        query.Add("Description", Description);
        query.Add("Encrypted", Encrypted);
        query.Add("KmsKeyId", KmsKeyId);
        query.Add("ClientToken", ClientToken);
    }
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Images;

/// <summary>Begins to make a snapshot of a disk file in S3.</summary>
internal sealed record ImportSnapshot : Ec2Operation<ImportSnapshotTask>
{
    public string? Description { get; init; }

    public string? ClientToken { get; init; }

    public string? RoleName { get; init; }

    public bool? Encrypted { get; init; }

    public string? KmsKeyId { get; init; }

    public required DiskContainer DiskContainer { get; init; }

    public IReadOnlyList<TagSpecification> TagSpecifications { get; init; } = [];

    /// <inheritdoc/>
    public override bool IsRepeatable => ClientToken is not null;

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("Description", Description);
        query.Add("ClientToken", ClientToken);
        query.Add("RoleName", RoleName);
        query.Add("Encrypted", Encrypted);
        query.Add("KmsKeyId", KmsKeyId);
        query.Add("DiskContainer", DiskContainer);
        query.Add("TagSpecification", TagSpecifications);
    }

    /// <inheritdoc/>
    public override ImportSnapshotTask Read(Ec2XmlReader xml) => new(xml);
}

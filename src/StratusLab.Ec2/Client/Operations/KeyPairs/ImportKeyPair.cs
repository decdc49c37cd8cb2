using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.KeyPairs;

/// <summary>Hands a public key to EC2; a name that is taken is refused.</summary>
internal sealed record ImportKeyPair : Ec2Operation<ImportedKeyPair>
{
    public required string KeyName { get; init; }

    public required string PublicKeyMaterial { get; init; }

    public IReadOnlyList<TagSpecification> TagSpecifications { get; init; } = [];

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("KeyName", KeyName);
        query.Add("PublicKeyMaterial", PublicKeyMaterial);
        query.Add("TagSpecification", TagSpecifications);
    }

    /// <inheritdoc/>
    public override ImportedKeyPair Read(Ec2XmlReader xml) => new(xml);
}

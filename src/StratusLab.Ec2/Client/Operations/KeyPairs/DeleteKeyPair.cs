using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.KeyPairs;

/// <summary>Deletes a public key; a success if it is not there.</summary>
internal sealed record DeleteKeyPair : Ec2Command
{
    public string? KeyName { get; init; }

    public string? KeyPairId { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("KeyName", KeyName);
        query.Add("KeyPairId", KeyPairId);
    }
}

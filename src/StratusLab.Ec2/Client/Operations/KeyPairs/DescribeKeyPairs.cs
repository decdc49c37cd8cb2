using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.KeyPairs;

/// <summary>Lists public keys.</summary>
internal sealed record DescribeKeyPairs : Ec2List<KeyPair>
{
    public IReadOnlyList<string> KeyNames { get; init; } = [];

    public IReadOnlyList<string> KeyPairIds { get; init; } = [];

    public IReadOnlyList<Filter> Filters { get; init; } = [];

    public bool? IncludePublicKey { get; init; }

    /// <inheritdoc/>
    protected override string Set => "keySet";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("KeyName", KeyNames);
        query.Add("KeyPairId", KeyPairIds);
        query.Add("Filter", Filters);
        query.Add("IncludePublicKey", IncludePublicKey);
    }

    /// <inheritdoc/>
    protected override KeyPair ReadItem(Ec2XmlReader xml) => new(xml);
}

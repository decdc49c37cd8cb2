using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A tag by its key, whatever its value.</summary>
internal sealed record TagKey : IQueryObject
{
    public required string Key { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("Key", Key);
    }
}

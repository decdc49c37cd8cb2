using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A condition: the named property has one of the values.</summary>
internal sealed record Filter : IQueryObject
{
    public required string Name { get; init; }

    public IReadOnlyList<string> Values { get; init; } = [];

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("Name", Name);
        query.Add("Value", Values);
    }
}

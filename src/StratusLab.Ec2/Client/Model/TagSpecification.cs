using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>Tags for one sort of resource that a call makes.</summary>
internal sealed record TagSpecification : IQueryObject
{
    public required string ResourceType { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("ResourceType", ResourceType);
        query.AddTags("Tag", Tags);
    }
}

using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Tags;

/// <summary>Sets tags of resources; a key that is there gets the new value.</summary>
internal sealed record CreateTags : Ec2Command
{
    public IReadOnlyList<string> ResourceIds { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("ResourceId", ResourceIds);
        query.AddTags("Tag", Tags);
    }
}

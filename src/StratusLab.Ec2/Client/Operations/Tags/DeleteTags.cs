using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Tags;

/// <summary>Removes tags. With an empty value only the tag whose value is empty goes.</summary>
internal sealed record DeleteTags : Ec2Command
{
    public IReadOnlyList<string> ResourceIds { get; init; } = [];

    public IReadOnlyList<TagKey> Keys { get; init; } = [];

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("ResourceId", ResourceIds);
        query.Add("Tag", Keys);
    }
}

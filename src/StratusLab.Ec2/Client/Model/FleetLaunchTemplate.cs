using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A launch template with the places and types to try.</summary>
internal sealed record FleetLaunchTemplate : IQueryObject
{
    public required LaunchTemplateReference Template { get; init; }

    public IReadOnlyList<FleetOverride> Overrides { get; init; } = [];

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("LaunchTemplateSpecification", Template);
        query.Add("Overrides", Overrides);
    }
}

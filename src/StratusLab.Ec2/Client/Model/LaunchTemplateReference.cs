using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A launch template and its version.</summary>
internal sealed record LaunchTemplateReference : IQueryObject
{
    public string? LaunchTemplateId { get; init; }

    public string? LaunchTemplateName { get; init; }

    public string? Version { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("LaunchTemplateId", LaunchTemplateId);
        query.Add("LaunchTemplateName", LaunchTemplateName);
        query.Add("Version", Version);
    }
}

using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Fleets;

/// <summary>Makes a launch template; a name that is taken is refused.</summary>
internal sealed record CreateLaunchTemplate : Ec2Operation<LaunchTemplate>
{
    public required string Name { get; init; }

    public string? ClientToken { get; init; }

    public string? VersionDescription { get; init; }

    public required LaunchTemplateData Template { get; init; }

    public IReadOnlyList<TagSpecification> TagSpecifications { get; init; } = [];

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("LaunchTemplateName", Name);
        query.Add("ClientToken", ClientToken);
        query.Add("VersionDescription", VersionDescription);
        query.Add("LaunchTemplateData", Template);
        query.Add("TagSpecification", TagSpecifications);
    }

    /// <inheritdoc/>
    public override LaunchTemplate Read(Ec2XmlReader xml)
    {
        LaunchTemplate? result = null;
        foreach (var child in xml.Children())
        {
            if (child == "launchTemplate") result = new LaunchTemplate(xml);
        }

        return result ?? throw new System.Xml.XmlException("CreateLaunchTemplate was answered without 'launchTemplate'.");
    }
}

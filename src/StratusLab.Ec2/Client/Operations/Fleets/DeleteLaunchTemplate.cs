using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Fleets;

/// <summary>Deletes a launch template and all its versions.</summary>
internal sealed record DeleteLaunchTemplate : Ec2Operation<LaunchTemplate>
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("LaunchTemplateId", Id);
        query.Add("LaunchTemplateName", Name);
    }

    /// <inheritdoc/>
    public override LaunchTemplate Read(Ec2XmlReader xml)
    {
        LaunchTemplate? result = null;
        foreach (var child in xml.Children())
        {
            if (child == "launchTemplate") result = new LaunchTemplate(xml);
        }

        return result ?? throw new System.Xml.XmlException("DeleteLaunchTemplate was answered without 'launchTemplate'.");
    }
}

using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A launch template.</summary>
internal sealed record LaunchTemplate
{
    public LaunchTemplate(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "launchTemplateId":
                    LaunchTemplateId = xml.Text();
                    break;
                case "launchTemplateName":
                    Name = xml.Text();
                    break;
                case "createTime":
                    CreateTime = xml.Time();
                    break;
                case "defaultVersionNumber":
                    DefaultVersion = xml.Long();
                    break;
                case "latestVersionNumber":
                    LatestVersion = xml.Long();
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
            }
        }
    }

    public string LaunchTemplateId { get; init; } = "";

    public string Name { get; init; } = "";

    public DateTimeOffset? CreateTime { get; init; }

    public long DefaultVersion { get; init; }

    public long LatestVersion { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

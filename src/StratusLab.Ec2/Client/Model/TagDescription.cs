using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A tag and what bears it.</summary>
internal sealed record TagDescription
{
    public TagDescription(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "resourceId":
                    ResourceId = xml.Text();
                    break;
                case "resourceType":
                    ResourceType = xml.Text();
                    break;
                case "key":
                    Key = xml.Text();
                    break;
                case "value":
                    Value = xml.Text();
                    break;
            }
        }
    }

    public string ResourceId { get; init; } = "";

    public string ResourceType { get; init; } = "";

    public string Key { get; init; } = "";

    public string Value { get; init; } = "";
}

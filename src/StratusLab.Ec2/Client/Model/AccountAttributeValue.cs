using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A value of an account attribute.</summary>
internal sealed record AccountAttributeValue
{
    public AccountAttributeValue(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "attributeValue":
                    Value = xml.Text();
                    break;
            }
        }
    }

    public string Value { get; init; } = "";
}

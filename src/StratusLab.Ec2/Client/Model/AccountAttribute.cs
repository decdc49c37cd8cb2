using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A limit or property of the account.</summary>
internal sealed record AccountAttribute
{
    public AccountAttribute(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "attributeName":
                    Name = xml.Text();
                    break;
                case "attributeValueSet":
                    Values = xml.Items(static item => new AccountAttributeValue(item));
                    break;
            }
        }
    }

    public string Name { get; init; } = "";

    public IReadOnlyList<AccountAttributeValue> Values { get; init; } = [];
}

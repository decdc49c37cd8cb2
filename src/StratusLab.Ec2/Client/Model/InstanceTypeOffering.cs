using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>An instance type that a place has.</summary>
internal sealed record InstanceTypeOffering
{
    public InstanceTypeOffering(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "instanceType":
                    InstanceType = xml.Text();
                    break;
                case "locationType":
                    LocationType = new LocationType(xml.Text());
                    break;
                case "location":
                    Location = xml.Text();
                    break;
            }
        }
    }

    public string InstanceType { get; init; } = "";

    public LocationType LocationType { get; init; }

    public string Location { get; init; } = "";
}

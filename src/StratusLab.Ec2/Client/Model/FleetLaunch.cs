using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>Instances that a fleet launched, of one type.</summary>
internal sealed record FleetLaunch
{
    public FleetLaunch(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "instanceIds":
                    InstanceIds = xml.Texts();
                    break;
                case "instanceType":
                    InstanceType = xml.Text();
                    break;
                case "lifecycle":
                    Lifecycle = new UsageClass(xml.Text());
                    break;
            }
        }
    }

    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    public string? InstanceType { get; init; }

    public UsageClass Lifecycle { get; init; }
}

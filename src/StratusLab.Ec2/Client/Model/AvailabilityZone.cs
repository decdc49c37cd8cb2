using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>An availability zone.</summary>
internal sealed record AvailabilityZone
{
    public AvailabilityZone(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "zoneName":
                    Name = xml.Text();
                    break;
                case "zoneId":
                    ZoneId = xml.Text();
                    break;
                case "zoneState":
                    State = xml.Text();
                    break;
                case "zoneType":
                    ZoneType = xml.Text();
                    break;
                case "regionName":
                    RegionName = xml.Text();
                    break;
                case "optInStatus":
                    OptInStatus = xml.Text();
                    break;
            }
        }
    }

    public string Name { get; init; } = "";

    public string? ZoneId { get; init; }

    public string? State { get; init; }

    public string? ZoneType { get; init; }

    public string? RegionName { get; init; }

    public string? OptInStatus { get; init; }
}

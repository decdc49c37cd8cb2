using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A region.</summary>
internal sealed record RegionInfo
{
    public RegionInfo(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "regionName":
                    Name = xml.Text();
                    break;
                case "regionEndpoint":
                    Endpoint = xml.Text();
                    break;
                case "optInStatus":
                    OptInStatus = xml.Text();
                    break;
            }
        }
    }

    public string Name { get; init; } = "";

    public string? Endpoint { get; init; }

    public string? OptInStatus { get; init; }
}

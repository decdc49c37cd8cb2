using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>What an instant fleet launched and what it could not.</summary>
internal sealed record FleetResult
{
    public FleetResult(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "fleetId":
                    FleetId = xml.Text();
                    break;
                case "fleetInstanceSet":
                    Launches = xml.Items(static item => new FleetLaunch(item));
                    break;
                case "errorSet":
                    Errors = xml.Items(static item => new FleetError(item));
                    break;
            }
        }
    }

    public string FleetId { get; init; } = "";

    public IReadOnlyList<FleetLaunch> Launches { get; init; } = [];

    public IReadOnlyList<FleetError> Errors { get; init; } = [];
}

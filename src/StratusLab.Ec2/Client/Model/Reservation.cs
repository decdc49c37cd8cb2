using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>The instances of one launch.</summary>
internal sealed record Reservation
{
    public Reservation(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "reservationId":
                    ReservationId = xml.Text();
                    break;
                case "ownerId":
                    OwnerId = xml.Text();
                    break;
                case "requesterId":
                    RequesterId = xml.Text();
                    break;
                case "instancesSet":
                    Instances = xml.Items(static item => new Instance(item));
                    break;
            }
        }
    }

    public string ReservationId { get; init; } = "";

    public string? OwnerId { get; init; }

    public string? RequesterId { get; init; }

    public IReadOnlyList<Instance> Instances { get; init; } = [];
}

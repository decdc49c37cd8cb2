using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>The checks that EC2 makes of a running instance, and what it plans to do to it.</summary>
internal sealed record InstanceStatus
{
    public InstanceStatus(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "instanceId":
                    InstanceId = xml.Text();
                    break;
                case "availabilityZone":
                    AvailabilityZone = xml.Text();
                    break;
                case "instanceState":
                    State = new InstanceState(xml.TextOf("name") ?? "");
                    break;
                case "instanceStatus":
                    InstanceCheck = xml.TextOf("status");
                    break;
                case "systemStatus":
                    SystemCheck = xml.TextOf("status");
                    break;
                case "eventsSet":
                    Events = xml.Items(static item => new InstanceEvent(item));
                    break;
            }
        }
    }

    public string InstanceId { get; init; } = "";

    public string? AvailabilityZone { get; init; }

    public InstanceState State { get; init; }

    public string? InstanceCheck { get; init; }

    public string? SystemCheck { get; init; }

    public IReadOnlyList<InstanceEvent> Events { get; init; } = [];
}

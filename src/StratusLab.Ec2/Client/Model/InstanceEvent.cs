using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>Something that EC2 plans to do to an instance.</summary>
internal sealed record InstanceEvent
{
    public InstanceEvent(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "instanceEventId":
                    EventId = xml.Text();
                    break;
                case "code":
                    Code = xml.Text();
                    break;
                case "description":
                    Description = xml.Text();
                    break;
                case "notBefore":
                    NotBefore = xml.Time();
                    break;
                case "notAfter":
                    NotAfter = xml.Time();
                    break;
            }
        }
    }

    public string? EventId { get; init; }

    public string? Code { get; init; }

    public string? Description { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }
}

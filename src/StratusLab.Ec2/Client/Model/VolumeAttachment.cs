using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A volume at an instance.</summary>
internal sealed record VolumeAttachment
{
    public VolumeAttachment(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "volumeId":
                    VolumeId = xml.Text();
                    break;
                case "instanceId":
                    InstanceId = xml.Text();
                    break;
                case "device":
                    Device = xml.Text();
                    break;
                case "status":
                    State = new AttachmentState(xml.Text());
                    break;
                case "attachTime":
                    AttachTime = xml.Time();
                    break;
                case "deleteOnTermination":
                    DeleteOnTermination = xml.Bool();
                    break;
            }
        }
    }

    public string VolumeId { get; init; } = "";

    public string? InstanceId { get; init; }

    public string? Device { get; init; }

    public AttachmentState State { get; init; }

    public DateTimeOffset? AttachTime { get; init; }

    public bool DeleteOnTermination { get; init; }
}

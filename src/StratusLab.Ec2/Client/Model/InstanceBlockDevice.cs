using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A disk of an instance.</summary>
internal sealed record InstanceBlockDevice
{
    public InstanceBlockDevice(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "deviceName":
                    DeviceName = xml.Text();
                    break;
                case "ebs":
                    foreach (var part in xml.Children())
                    {
                        if (part == "volumeId") VolumeId = xml.Text();
                        else if (part == "status") Status = new AttachmentState(xml.Text());
                        else if (part == "deleteOnTermination") DeleteOnTermination = xml.Bool();
                        else if (part == "attachTime") AttachTime = xml.Time();
                    }

                    break;
            }
        }
    }

    public string? DeviceName { get; init; }

    public string? VolumeId { get; init; }

    public AttachmentState Status { get; init; }

    public bool DeleteOnTermination { get; init; }

    public DateTimeOffset? AttachTime { get; init; }
}

using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A disk of an image or instance to be launched.</summary>
internal sealed record BlockDeviceMapping : IQueryObject
{
    public BlockDeviceMapping()
    {
    }

    public BlockDeviceMapping(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "deviceName":
                    DeviceName = xml.Text();
                    break;
                case "virtualName":
                    VirtualName = xml.Text();
                    break;
                case "ebs":
                    Ebs = new EbsBlockDevice(xml);
                    break;
                case "noDevice":
                    NoDevice = xml.Text();
                    break;
            }
        }
    }

    public string? DeviceName { get; init; }

    public string? VirtualName { get; init; }

    public EbsBlockDevice? Ebs { get; init; }

    public string? NoDevice { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("DeviceName", DeviceName);
        query.Add("VirtualName", VirtualName);
        query.Add("Ebs", Ebs);
        query.Add("NoDevice", NoDevice);
    }
}

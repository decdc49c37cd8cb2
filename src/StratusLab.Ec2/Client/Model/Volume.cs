using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A volume.</summary>
internal sealed record Volume
{
    public Volume(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "volumeId":
                    VolumeId = xml.Text();
                    break;
                case "size":
                    SizeGiB = xml.Int();
                    break;
                case "status":
                    State = new VolumeState(xml.Text());
                    break;
                case "volumeType":
                    VolumeType = new VolumeType(xml.Text());
                    break;
                case "availabilityZone":
                    AvailabilityZone = xml.Text();
                    break;
                case "iops":
                    Iops = xml.Int();
                    break;
                case "throughput":
                    Throughput = xml.Int();
                    break;
                case "encrypted":
                    Encrypted = xml.Bool();
                    break;
                case "snapshotId":
                    SnapshotId = xml.Text();
                    break;
                case "createTime":
                    CreateTime = xml.Time();
                    break;
                case "attachmentSet":
                    Attachments = xml.Items(static item => new VolumeAttachment(item));
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
            }
        }
    }

    public string VolumeId { get; init; } = "";

    public int SizeGiB { get; init; }

    public VolumeState State { get; init; }

    public VolumeType VolumeType { get; init; }

    public string? AvailabilityZone { get; init; }

    public int Iops { get; init; }

    public int Throughput { get; init; }

    public bool Encrypted { get; init; }

    public string? SnapshotId { get; init; }

    public DateTimeOffset? CreateTime { get; init; }

    public IReadOnlyList<VolumeAttachment> Attachments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

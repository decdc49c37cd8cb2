using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A snapshot of a volume.</summary>
internal sealed record Snapshot
{
    public Snapshot(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "snapshotId":
                    SnapshotId = xml.Text();
                    break;
                case "volumeId":
                    VolumeId = xml.Text();
                    break;
                case "status":
                    State = new SnapshotState(xml.Text());
                    break;
                case "statusMessage":
                    StatusMessage = xml.Text();
                    break;
                case "progress":
                    Progress = xml.Text();
                    break;
                case "startTime":
                    StartTime = xml.Time();
                    break;
                case "volumeSize":
                    SizeGiB = xml.Int();
                    break;
                case "encrypted":
                    Encrypted = xml.Bool();
                    break;
                case "ownerId":
                    OwnerId = xml.Text();
                    break;
                case "description":
                    Description = xml.Text();
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
            }
        }
    }

    public string SnapshotId { get; init; } = "";

    public string? VolumeId { get; init; }

    public SnapshotState State { get; init; }

    public string? StatusMessage { get; init; }

    public string? Progress { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public int SizeGiB { get; init; }

    public bool Encrypted { get; init; }

    public string? OwnerId { get; init; }

    public string? Description { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

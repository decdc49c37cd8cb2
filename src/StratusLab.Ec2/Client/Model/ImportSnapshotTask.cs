using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>A disk file on its way to be a snapshot.</summary>
internal sealed record ImportSnapshotTask
{
    public ImportSnapshotTask(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "importTaskId":
                    ImportTaskId = xml.Text();
                    break;
                case "description":
                    Description = xml.Text();
                    break;
                case "snapshotTaskDetail":
                    foreach (var part in xml.Children())
                    {
                        if (part == "snapshotId") SnapshotId = xml.Text();
                        else if (part == "status") Status = xml.Text();
                        else if (part == "statusMessage") StatusMessage = xml.Text();
                        else if (part == "progress") Progress = xml.Text();
                        else if (part == "diskImageSize") DiskImageSize = xml.Double();
                        else if (part == "format") Format = xml.Text();
                    }

                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
            }
        }
    }

    public string ImportTaskId { get; init; } = "";

    public string? Description { get; init; }

    public string? SnapshotId { get; init; }

    public string? Status { get; init; }

    public string? StatusMessage { get; init; }

    public string? Progress { get; init; }

    public double DiskImageSize { get; init; }

    public string? Format { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

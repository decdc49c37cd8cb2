using System.Collections.ObjectModel;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>An Amazon machine image (AMI).</summary>
internal sealed record Image
{
    public Image(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            switch (child)
            {
                case "imageId":
                    ImageId = xml.Text();
                    break;
                case "name":
                    Name = xml.Text();
                    break;
                case "description":
                    Description = xml.Text();
                    break;
                case "imageState":
                    State = new ImageState(xml.Text());
                    break;
                case "stateReason":
                    StateReason = new StateReason(xml);
                    break;
                case "architecture":
                    Architecture = new CpuArchitecture(xml.Text());
                    break;
                case "bootMode":
                    BootMode = new BootMode(xml.Text());
                    break;
                case "imageOwnerId":
                    OwnerId = xml.Text();
                    break;
                case "imageOwnerAlias":
                    OwnerAlias = xml.Text();
                    break;
                case "isPublic":
                    IsPublic = xml.Bool();
                    break;
                case "creationDate":
                    CreationDate = xml.Text();
                    break;
                case "lastLaunchedTime":
                    LastLaunchedTime = xml.Time();
                    break;
                case "deprecationTime":
                    DeprecationTime = xml.Text();
                    break;
                case "rootDeviceName":
                    RootDeviceName = xml.Text();
                    break;
                case "rootDeviceType":
                    RootDeviceType = xml.Text();
                    break;
                case "virtualizationType":
                    VirtualizationType = xml.Text();
                    break;
                case "enaSupport":
                    EnaSupport = xml.Bool();
                    break;
                case "platform":
                    Platform = xml.Text();
                    break;
                case "platformDetails":
                    PlatformDetails = xml.Text();
                    break;
                case "tagSet":
                    Tags = xml.Tags();
                    break;
                case "blockDeviceMapping":
                    BlockDevices = xml.Items(static item => new BlockDeviceMapping(item));
                    break;
            }
        }
    }

    public string ImageId { get; init; } = "";

    public string? Name { get; init; }

    public string? Description { get; init; }

    public ImageState State { get; init; }

    public StateReason? StateReason { get; init; }

    public CpuArchitecture Architecture { get; init; }

    public BootMode BootMode { get; init; }

    public string? OwnerId { get; init; }

    public string? OwnerAlias { get; init; }

    public bool IsPublic { get; init; }

    public string? CreationDate { get; init; }

    public DateTimeOffset? LastLaunchedTime { get; init; }

    public string? DeprecationTime { get; init; }

    public string? RootDeviceName { get; init; }

    public string? RootDeviceType { get; init; }

    public string? VirtualizationType { get; init; }

    public bool EnaSupport { get; init; }

    public string? Platform { get; init; }

    public string? PlatformDetails { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyList<BlockDeviceMapping> BlockDevices { get; init; } = [];
}

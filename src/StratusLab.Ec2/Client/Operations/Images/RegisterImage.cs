using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Images;

/// <summary>Makes an image of a snapshot. A name that is taken is refused.</summary>
internal sealed record RegisterImage : Ec2Text
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public CpuArchitecture? Architecture { get; init; }

    public BootMode? BootMode { get; init; }

    public string? RootDeviceName { get; init; }

    public string? VirtualizationType { get; init; }

    public bool? EnaSupport { get; init; }

    public string? TpmSupport { get; init; }

    public string? ImdsSupport { get; init; }

    public IReadOnlyList<BlockDeviceMapping> BlockDevices { get; init; } = [];

    /// <inheritdoc/>
    protected override string Element => "imageId";

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("Name", Name);
        query.Add("Description", Description);
        query.Add("Architecture", Architecture?.Value);
        query.Add("BootMode", BootMode?.Value);
        query.Add("RootDeviceName", RootDeviceName);
        query.Add("VirtualizationType", VirtualizationType);
        query.Add("EnaSupport", EnaSupport);
        query.Add("TpmSupport", TpmSupport);
        query.Add("ImdsSupport", ImdsSupport);
        query.Add("BlockDeviceMapping", BlockDevices);
    }
}

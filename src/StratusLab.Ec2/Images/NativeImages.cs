using System.Globalization;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Images;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Hosts;

namespace StratusLab.Ec2.Images;

/// <summary>The region's machine images that StratusLab did not make, and images that refer to them.</summary>
internal sealed class NativeImages(HostDefinition host, Ec2Uri uri, IEc2Client ec2)
{
    /// <summary>The newest one that is available and matches; null if there is none.</summary>
    public async Task<NativeImage?> FindAsync(NativeImageQuery query, CancellationToken cancellationToken = default)
    {
        List<Filter> filters = [new Filter { Name = "state", Values = [ImageState.Available.Value] }];
        if (query.Id is { } id) filters.Add(new Filter { Name = "image-id", Values = [id] });
        if (query.Name is { } name) filters.Add(new Filter { Name = "name", Values = [name] });
        if (query.Architecture is { } architecture) filters.Add(new Filter { Name = "architecture", Values = [CpuOf(architecture).Value] });
        var found = await ec2.SendAsync(new DescribeImages { Owners = query.Owner is { } owner ? [owner] : [], Filters = filters }, cancellationToken).ConfigureAwait(false);
        return found.OrderByDescending(i => i.CreationDate, StringComparer.Ordinal).ThenBy(i => i.ImageId, StringComparer.Ordinal).FirstOrDefault() is { } newest ? View(newest) : null;
    }

    /// <summary>The machine image that an image refers to, seen to exist and to be what the image says.</summary>
    /// <exception cref="StratusException"><c>ImageNotForHost</c>: it names none for this region. <c>NativeImageUnusable</c>: the one that it names is gone, not available, or of another architecture.</exception>
    public async Task<Image> GetAsync(ImageDescriptor image, CancellationToken cancellationToken = default)
    {
        if (!image.HostImages!.TryGetValue(uri.Region, out var id)) throw ImageErrors.NotForHost(host, image, uri.Region);
        IReadOnlyList<Image> found;
        try
        {
            found = await ec2.SendAsync(new DescribeImages { ImageIds = [id], IncludeDeprecated = true }, cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException e) when (Ec2ErrorCode.IsNotFound(e.Code) || e.Code.StartsWith("InvalidAMIID", StringComparison.Ordinal))
        {
            found = [];
        }

        if (found is not [var machine]) throw ImageErrors.Native(host, image, id, "which does not exist or is not shared with this account");
        if (machine.State != ImageState.Available) throw ImageErrors.Native(host, image, id, $"which is {machine.State}");
        if (KernelNameOf(machine.Architecture) != image.Architecture) throw ImageErrors.Native(host, image, id, $"which is for {KernelNameOf(machine.Architecture)} where the image says {image.Architecture}");
        return machine;
    }

    public static DateTimeOffset? Time(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static CpuArchitecture CpuOf(string kernelName) => kernelName == "aarch64" ? CpuArchitecture.Arm64 : new CpuArchitecture(kernelName);

    private static string KernelNameOf(CpuArchitecture architecture) => architecture == CpuArchitecture.Arm64 ? "aarch64" : architecture.ToString();

    private NativeImage View(Image image) => new(uri.Region, image.ImageId)
    {
        Name = image.Name,
        Owner = image.OwnerId,
        Description = image.Description,
        Architecture = KernelNameOf(image.Architecture),
        Firmware = image.BootMode == BootMode.Uefi || image.BootMode == BootMode.UefiPreferred ? Firmware.Uefi : Firmware.Bios,
        VirtualSize = ByteSize.FromGiB(image.BlockDevices.FirstOrDefault(d => d.DeviceName == image.RootDeviceName)?.Ebs?.SizeGiB ?? 0),
        CreatedAt = Time(image.CreationDate),
    };
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Makes images out of VMs, and out of other images.</summary>
/// <remarks>
/// The work in the guest is done by a VM that lives only for it and is removed afterwards, however it went. What a process leaves that is
/// killed meanwhile is removed at the next start, or by a repair; it is never taken up again.
/// </remarks>
public sealed partial class ImageMaker
{
    private const int MaxCpu = 2;
    private const int NameLength = 40;
    private static readonly ByteSize MaxMemory = ByteSize.FromGiB(2);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(1);

    private readonly HostRegistry _hosts;
    private readonly ImageLibrary _images;
    private readonly VmService _vms;
    private readonly TemporaryVms _temporary;
    private readonly string _site;
    private readonly string _owner;
    private readonly TimeProvider _clock;

    internal ImageMaker(HostRegistry hosts, ImageLibrary images, VmService vms, TemporaryVms temporary, string site, string owner, TimeProvider clock)
    {
        _hosts = hosts;
        _images = images;
        _vms = vms;
        _temporary = temporary;
        _site = site;
        _owner = owner;
        _clock = clock;
    }

    /// <summary>
    /// Makes a VM an image: copies its disk on its host, while it runs or is off; boots the copy without a network, where cloud-init or the guest
    /// agent cleans it of host keys, machine-id, cloud-init's state, leases, logs, histories and login keys; and takes its disk into the store.
    /// </summary>
    /// <exception cref="InvalidInputException">Name, version or a figure is unusable; nothing was done.</exception>
    /// <exception cref="StratusException"><c>VmNotFound</c>; <c>NotSupported</c>: the host lacks a capability; <c>ImageMakingFailed</c>, <c>ImageMakingTimeout</c>: the guest could not do its part. Nothing is left.</exception>
    public async Task<StratusImage> SaveAsync(ImageSaving saving, IProgress<SiteProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(saving);
        var provider = await _hosts.ConnectAsync(saving.VM.Host, cancellationToken).ConfigureAwait(false);
        TemporaryVms.Require(provider, saving.VM.Host);
        var vm = await TemporaryVms.FindAsync(provider, saving.VM, cancellationToken).ConfigureAwait(false)
            ?? throw new StratusException("VmNotFound", StratusErrorKind.NotFound, $"Host '{saving.VM.Host}' has no VM '{saving.VM.Key}'.") { Resource = saving.VM.ToString() };
        if (!vm.IsManaged)
            throw new StratusException("VmNotManaged", StratusErrorKind.PermissionDenied, $"VM '{vm.Name}' was not made by StratusLab, which leaves it alone.") { Resource = vm.Name };
        var parent = await ParentAsync(vm, cancellationToken).ConfigureAwait(false);
        var publication = Describe(saving, parent) with
        {
            Path = string.Empty,
            Architecture = vm.Architecture,
            Firmware = vm.Firmware,
            DefaultUser = vm.DefaultUser ?? "root",
            Parent = vm.ImageDigest,
        };
        if (saving.SkipCleaning)
        {
            if (vm.State != VmState.Stopped)
                throw new StratusException("VmStateInvalid", StratusErrorKind.InvalidState, $"VM '{vm.Name}' is {vm.State}: only the disk of a VM that is off can be taken as it is. Stop it first, or let the copy be cleaned.") { Resource = vm.Name };
            return await _temporary.TakeDiskAsync(provider, vm.Id, publication, new ProgressMeter(progress, Activity(saving), 2), cancellationToken).ConfigureAwait(false);
        }

        var mark = NewMark();
        var plan = new PlannedVm(CopyOf(vm, mark, saving), vm.Host, "beside the VM that it is a copy of");
        return await _temporary.MakeAsync(plan, mark, saving, publication, new ProgressMeter(progress, Activity(saving), 4), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes an image from another one: boots a VM of it, puts files into it, installs packages and runs a script, cleans it as
    /// <see cref="SaveAsync"/> does, and takes its disk into the store.
    /// </summary>
    /// <exception cref="InvalidInputException">Name, version, a package's name, a file or a figure is unusable; nothing was done.</exception>
    /// <exception cref="StratusException"><c>ImageNotFound</c>, <c>NoCapacity</c>; <c>NotSupported</c>: the host lacks a capability; <c>ImageMakingFailed</c>, <c>ImageMakingTimeout</c>: the guest could not do its part; the message shows its last lines and names the log. Nothing is left but the log.</exception>
    public async Task<StratusImage> BuildAsync(ImageRecipe recipe, IProgress<SiteProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(recipe);
        RecipeValidation.Validate(recipe);
        var parent = await _images.GetAsync(recipe.Base, cancellationToken).ConfigureAwait(false);
        var mark = NewMark();
        var specification = new VmSpecification
        {
            Image = parent.Digest,
            Names = [TemporaryName(recipe.Name)],
            Size = recipe.Size,
            HostNames = recipe.HostNames,
            Networks = recipe.Networks,
            UserData = await GuestScript.BuildAsync(mark, recipe, cancellationToken).ConfigureAwait(false),
        };
        var plan = await _vms.PlanAsync(specification, cancellationToken).ConfigureAwait(false);
        if (plan.Refused is [var refused, ..]) throw refused.Error;
        var publication = Describe(recipe, parent) with
        {
            Path = string.Empty,
            Architecture = parent.Architecture,
            Firmware = parent.Firmware,
            DefaultUser = parent.DefaultUser,
            Parent = parent.Digest,
        };
        return await _temporary.MakeAsync(plan.Vms[0], mark, recipe, publication, new ProgressMeter(progress, Activity(recipe), 4), cancellationToken).ConfigureAwait(false);
    }

    private static void Check(ImageMaking making)
    {
        ImageReference.Validate(making.Name, making.Version);
        if (making.Timeout < TimeSpan.FromSeconds(1) || making.Timeout > MaxTimeout)
            throw new InvalidInputException("InvalidTimeout", $"{making.Timeout} is no time for a guest to do its part: use 1 second to {MaxTimeout.TotalDays:0} day.", "Timeout");
    }

    private static ImagePublication Describe(ImageMaking making, StratusImage? parent) => new()
    {
        Path = string.Empty,
        Name = making.Name,
        Version = making.Version,
        Title = making.Title ?? parent?.Title,
        Description = making.Description,
        Creator = making.Creator,
        ValidUntil = making.ValidUntil,
        Os = parent?.Os ?? "linux",
        InboundPorts = making.InboundPorts ?? parent?.InboundPorts ?? [],
        Labels = making.Labels,
        Format = DiskFormat.Qcow2,
    };

    private VmRequest CopyOf(VirtualMachine vm, string mark, ImageSaving saving)
    {
        var image = (vm.Image ?? "unknown").Split(':', 2);
        return new VmRequest
        {
            RequestId = Guid.NewGuid(),
            Name = TemporaryName(vm.Name),
            Image = new ImageDescriptor
            {
                Name = image[0],
                Version = image is [_, var version] ? version : "unknown",
                Digest = vm.ImageDigest ?? string.Empty,
                DiskDigest = string.Empty,
                DiskLength = 0,
                Format = DiskFormat.Qcow2,
                VirtualSize = vm.Disk,
                Firmware = vm.Firmware,
                Architecture = vm.Architecture,
                DefaultUser = vm.DefaultUser ?? "root",
            },
            Cpu = Math.Clamp(vm.Cpu, 1, MaxCpu),
            Memory = vm.Memory < MaxMemory ? vm.Memory : MaxMemory,
            IsIsolated = true,
            CopyDiskOf = vm.Id,
            Guest = new GuestSetup { UserData = GuestScript.Clean(mark) },
            Owner = _owner,
            Site = _site,
            CreatedAt = _clock.GetUtcNow(),
            PlacementReason = $"a copy of VM '{vm.Name}', to make image {saving.Name}:{saving.Version} of it",
        };
    }

    private async Task<StratusImage?> ParentAsync(VirtualMachine vm, CancellationToken cancellationToken)
    {
        if (vm.ImageDigest is not { } digest) return null;
        await foreach (var image in _images.ListAsync(cancellationToken).ConfigureAwait(false))
            if (image.Digest == digest) return image;
        return null;
    }

    private static string Activity(ImageMaking making) => $"Making image {making.Name}:{making.Version}";

    private static string NewMark() => $"stratuslab-{RandomNumberGenerator.GetHexString(12, lowercase: true)}:";

    private static string TemporaryName(string of)
    {
        var stem = NotForNames().Replace(of, "-");
        return string.Create(CultureInfo.InvariantCulture, $"{stem[..Math.Min(stem.Length, NameLength)].TrimEnd('-')}-image-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
    }

    [GeneratedRegex("[^A-Za-z0-9-]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NotForNames();
}

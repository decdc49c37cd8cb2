using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Turns what somebody wants into complete requests with a host each, and changes nothing.</summary>
internal sealed class VmPlanner(
    HostRegistry hosts, ImageLibrary images, ImageTrust trust, SizeRegistry sizes, SiteJournal journal, string site, string owner, TimeProvider clock)
{
    private const string GroupLabel = "anti-affinity";

    // A new disk is a thin overlay and its seed; it grows later.
    private static readonly ByteSize NewDisk = ByteSize.FromMiB(16);
    private static readonly TimeSpan HostPatience = TimeSpan.FromSeconds(30);

    public async Task<VmPlan> PlanAsync(VmSpecification specification, CancellationToken cancellationToken)
    {
        var (template, apart) = await BuildTemplateAsync(specification, cancellationToken).ConfigureAwait(false);
        var all = new List<HostDefinition>();
        await foreach (var host in hosts.ListAsync(cancellationToken).ConfigureAwait(false)) all.Add(host);
        CheckHosts(specification, all);

        var shape = new PlacementShape
        {
            Cpu = template.Cpu,
            Memory = template.Memory,
            Storage = NewDisk,
            ImageStorage = new ByteSize(template.Image.DiskLength),
            ImageDigest = template.Image.DiskDigest,
            Architecture = template.Image.Architecture,
            Firmware = template.Image.Firmware,
            HostNames = specification.HostNames,
            HostLabels = specification.HostLabels,
            ApartLabel = apart,
            Policy = specification.Placement,
        };

        // The journal first: what is made in between is then counted twice rather than not at all.
        var (reservations, mark) = await journal.ReadReservationsAsync(cancellationToken).ConfigureAwait(false);
        var views = await ViewTrustedAsync(template.Image, (h, ct) => ViewAsync(h, shape, reservations, ct), all, cancellationToken).ConfigureAwait(false);
        var refused = new List<RefusedVm>();
        var names = FreeNames(specification.Names, views, reservations, refused);
        var assignments = Placer.Place([.. Enumerable.Repeat(shape, names.Count)], [.. views.Select(v => v.Snapshot)]);
        return new VmPlan(Assign(template, names, assignments, views, mark, refused), refused);
    }

    // Whether the image may run is found out while the hosts answer.
    private async Task<HostView[]> ViewTrustedAsync(
        ImageDescriptor image, Func<HostDefinition, CancellationToken, Task<HostView>> view, List<HostDefinition> all, CancellationToken cancellationToken)
    {
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var views = Task.WhenAll(all.Select(h => view(h, asking.Token)));
        try
        {
            await trust.RequireAsync(image, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await asking.CancelAsync().ConfigureAwait(false);
            await ((Task)views).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await views.ConfigureAwait(false);
    }

    private static List<PlannedVm> Assign(
        VmRequest template, List<string> names, IReadOnlyList<Assignment> assignments, HostView[] views, long mark, List<RefusedVm> refused)
    {
        var rooms = views.ToDictionary(v => v.Snapshot.Definition.Name, v => RoomOf(v.Snapshot, mark), StringComparer.Ordinal);
        var planned = new List<PlannedVm>(names.Count);
        StratusException? noRoom = null;
        for (var i = 0; i < names.Count; i++)
        {
            var (host, reason) = assignments[i];
            if (host is not null)
            {
                planned.Add(new PlannedVm(template with { RequestId = Guid.NewGuid(), Name = names[i], PlacementReason = reason }, host, reason) { Room = rooms[host] });
                continue;
            }

            noRoom ??= new StratusException(
                "NoCapacity",
                StratusErrorKind.NoCapacity,
                $"{names.Count - planned.Count} of {names.Count} VMs do not fit. {reason}");
            refused.Add(new RefusedVm(names[i], noRoom));
        }

        return planned;
    }

    private static HostRoom RoomOf(HostSnapshot snapshot, long mark)
    {
        var load = new HostLoad(snapshot);
        return new HostRoom(load.CpuTotal - load.CpuUsed, load.MemoryTotal - load.MemoryUsed, mark);
    }

    private static List<string> FreeNames(IReadOnlyList<string> wanted, HostView[] views, IReadOnlyList<JournalEntry> reservations, List<RefusedVm> refused)
    {
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var reservation in reservations) taken.TryAdd(reservation.Target, $"another VM of that name is being created on host '{reservation.Host}'");
        foreach (var view in views)
            foreach (var vm in view.Vms) taken.TryAdd(vm.Name, $"host '{vm.Host}' has a VM of that name");

        var free = new List<string>(wanted.Count);
        foreach (var name in wanted)
        {
            try
            {
                ResourceName.Validate(name, "VM name");
            }
            catch (InvalidInputException e)
            {
                refused.Add(new RefusedVm(name, e));
                continue;
            }

            if (taken.TryAdd(name, "the name is asked for twice")) free.Add(name);
            else refused.Add(new RefusedVm(name, NameTaken(name, taken[name])));
        }

        return free;
    }

    internal static StratusException NameTaken(string name, string why) =>
        new("VmNameTaken", StratusErrorKind.AlreadyExists, $"The VM name '{name}' is taken: {why}. Choose another name, or remove that VM first.") { Resource = name };

    private static void CheckHosts(VmSpecification specification, List<HostDefinition> all)
    {
        if (all.Count == 0)
            throw new StratusException("NoHosts", StratusErrorKind.NotFound, "No host is registered with this site. Add one first.");
        foreach (var name in specification.HostNames)
        {
            if (all.Exists(h => Wildcard.Matches(name, h.Name))) continue;
            throw Wildcard.IsPattern(name)
                ? new StratusException("NoHosts", StratusErrorKind.NotFound, $"No registered host matches '{name}'. There are: {string.Join(", ", all.Take(20).Select(h => h.Name))}.") { Resource = name }
                : HostRegistry.NotFound(name);
        }
    }

    private async Task<HostView> ViewAsync(HostDefinition host, PlacementShape shape, IReadOnlyList<JournalEntry> reservations, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(HostPatience);
        try
        {
            var provider = hosts.ProviderOf(host);
            var vms = new List<VirtualMachine>();
            await foreach (var vm in provider.ListAsync(new VmQuery { IncludeUnmanaged = true, WithAddresses = false }, patience.Token).ConfigureAwait(false)) vms.Add(vm);
            var status = await provider.InspectAsync(patience.Token).ConfigureAwait(false);
            var (images, idle) = await ImagesAsync(provider, status, shape, patience.Token).ConfigureAwait(false);
            var there = vms.Where(v => v.RequestId is not null).Select(v => v.RequestId).ToHashSet();
            var coming = reservations
                .Where(r => string.Equals(r.Host, host.Name, StringComparison.OrdinalIgnoreCase) && !there.Contains(r.RequestId))
                .Select(SiteJournal.RequestOf)
                .ToList();
            return new HostView(
                new HostSnapshot
                {
                    Definition = host,
                    Status = host.ImageCacheLimit is null ? status : status with { StorageFree = status.StorageFree + idle },
                    Capabilities = provider.Capabilities,
                    ReservedCpu = coming.Sum(r => r.Cpu),
                    ReservedMemory = new ByteSize(coming.Sum(r => r.Memory.Bytes)),
                    VmLabels = vms.SelectMany(v => v.Labels).Concat(coming.SelectMany(r => r.Labels)).Select(l => $"{l.Key}={l.Value}").ToHashSet(StringComparer.Ordinal),
                    Images = images,
                },
                vms);
        }
        catch (StratusException e)
        {
            return Absent(host, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Absent(host, $"no answer within {HostPatience.TotalSeconds:0} s");
        }
    }

    // Only where it matters, since it is one more question to the host. What is idle makes room by itself on a host with a limit.
    private static async Task<(HashSet<string> Digests, ByteSize Idle)> ImagesAsync(IComputeProvider provider, HostStatus status, PlacementShape shape, CancellationToken cancellationToken)
    {
        var images = new HashSet<string>(StringComparer.Ordinal);
        if (!provider.Capabilities.HasFlag(ProviderCapabilities.Images) || provider is not IImageHost store || status.StorageFree > shape.ImageStorage + ByteSize.FromGiB(4)) return (images, ByteSize.Zero);
        var idle = 0L;
        await foreach (var image in store.ListImagesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (image.IsUsable) images.Add(image.DiskDigest);
            if (image.UseCount == 0 && image.DiskDigest != shape.ImageDigest) idle += image.Length.Bytes;
        }

        return (images, new ByteSize(idle));
    }

    private HostView Absent(HostDefinition host, string problem) => new(
        new HostSnapshot
        {
            Definition = host,
            Status = new HostStatus { Host = host.Name, Health = HostHealth.Unreachable, Problem = problem, At = clock.GetUtcNow() },
        },
        []);

    private async Task<(VmRequest Template, string? Apart)> BuildTemplateAsync(VmSpecification specification, CancellationToken cancellationToken)
    {
        SpecificationValidation.Validate(specification);
        var (apart, labels) = Apart(specification);
        var image = await images.GetAsync(specification.Image, cancellationToken).ConfigureAwait(false);
        var size = await sizes.GetAsync(specification.Size ?? SizeRegistry.Default, cancellationToken).ConfigureAwait(false);
        var (cpu, memory, disk) = (specification.Cpu ?? size.Cpu, specification.Memory ?? size.Memory, specification.Disk ?? size.Disk);
        SizeRegistry.Validate(cpu, memory, disk);
        if (disk > ByteSize.Zero && disk < image.VirtualSize)
        {
            throw new InvalidInputException(
                "DiskTooSmall",
                $"A disk of {disk} cannot hold image {image.Reference}, which needs {image.VirtualSize}. Ask for at least that, or 0 for the image's own size.",
                "Disk");
        }

        var now = clock.GetUtcNow();
        var request = new VmRequest
        {
            RequestId = Guid.Empty,
            Name = string.Empty,
            Image = image.ToDescriptor(),
            Cpu = cpu,
            Memory = memory,
            Disk = disk,
            Networks = [.. specification.Networks],
            Guest = new GuestSetup
            {
                SshKeys = [.. specification.SshKeys.Select((k, i) => SshKeyValidation.Validate(k, i + 1))],
                UserData = specification.UserData,
                NetworkConfig = specification.NetworkConfig,
            },
            Size = specification.Size is null && (specification.Cpu ?? 0) != 0 && specification.Memory is not null ? null : size.Name,
            Owner = owner,
            Site = site,
            Fleet = specification.Fleet,
            Labels = labels,
            CreatedAt = now,
            ExpiresAt = specification.ExpiresAfter is { } lifetime ? now + lifetime : null,
        };
        return (request, apart);
    }

    private static (string? Apart, IReadOnlyDictionary<string, string> Labels) Apart(VmSpecification specification)
    {
        if (specification.AntiAffinity is not { } wanted) return (null, specification.Labels);
        var at = wanted.IndexOf('=', StringComparison.Ordinal);
        var (key, value) = at < 0 ? (GroupLabel, wanted) : (wanted[..at], wanted[(at + 1)..]);
        var labels = new Dictionary<string, string>(specification.Labels);
        if (!labels.TryAdd(key, value) && labels[key] != value)
            throw new InvalidInputException("InvalidAntiAffinity", $"The VMs are to be kept apart by {key}={value}, but their own label {key} is '{labels[key]}'.", "AntiAffinity");
        LabelValidation.Validate(labels);
        return ($"{key}={value}", labels);
    }

    private sealed record HostView(HostSnapshot Snapshot, IReadOnlyList<VirtualMachine> Vms);
}

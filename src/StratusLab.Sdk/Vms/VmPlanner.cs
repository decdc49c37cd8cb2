using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Turns what somebody wants into complete requests with a host each, and changes nothing.</summary>
internal sealed class VmPlanner(
    HostRegistry hosts, ImageLibrary images, ImageTrust trust, SizeRegistry sizes, SiteJournal journal, string site, string owner, TimeProvider clock)
{
    private const string GroupLabel = "anti-affinity";

    // A new disk is a thin overlay and its seed; it grows later.
    private static readonly ByteSize NewDisk = ByteSize.FromMiB(16);
    private readonly HostSurvey _survey = new(hosts, journal, clock);

    public async Task<VmPlan> PlanAsync(VmSpecification specification, CancellationToken cancellationToken)
    {
        var (template, apart) = await BuildTemplateAsync(specification, cancellationToken).ConfigureAwait(false);
        var all = new List<HostDefinition>();
        await foreach (var host in hosts.ListAsync(cancellationToken).ConfigureAwait(false)) all.Add(host);
        CheckHosts(specification, all);

        var shape = ShapeOf(specification, template, apart);

        // The journal first: what is made in between is then counted twice rather than not at all.
        var known = await _survey.ReadJournalAsync(cancellationToken).ConfigureAwait(false);
        var views = await ViewTrustedAsync(template.Image, (h, ct) => _survey.ViewAsync(h, shape, known, ct), all, cancellationToken).ConfigureAwait(false);
        var refused = new List<RefusedVm>();
        var names = FreeNames(specification.Names, views, known.Open, refused);
        var assignments = await PlaceAsync(shape, names.Count, views, cancellationToken).ConfigureAwait(false);
        return new VmPlan(Assign(template, names, assignments, views, refused), refused);
    }

    private static PlacementShape ShapeOf(VmSpecification specification, VmRequest template, string? apart) => new()
    {
        Cpu = template.Cpu,
        Memory = template.Memory,
        Disk = template.Disk == ByteSize.Zero ? template.Image.VirtualSize : template.Disk,
        Storage = NewDisk,
        ImageStorage = new ByteSize(template.Image.DiskLength),
        ImageDigest = template.Image.DiskDigest,
        Architecture = template.Image.Architecture,
        Firmware = template.Image.Firmware,
        HostNames = specification.HostNames,
        HostLabels = specification.HostLabels,
        ApartLabel = apart,
        Policy = specification.Placement,
        AllowCloud = specification.AllowCloud,
        Market = specification.Market,
        FallBackToOnDemand = specification.FallBackToOnDemand,
        MachineType = specification.MachineType,
        Gpu = specification.Gpu,
        MaxHourlyPrice = specification.MaxHourlyPrice,
        OpensPorts = specification.OpenPorts is not null,
        RemoveOnShutdown = specification.RemoveOnShutdown,
    };

    private async Task<IReadOnlyList<Assignment>> PlaceAsync(PlacementShape shape, int count, HostView[] views, CancellationToken cancellationToken)
    {
        List<PlacementShape> vms = [.. Enumerable.Repeat(shape, count)];
        var assignments = Placer.Place(vms, [.. views.Select(v => v.Snapshot)]);
        if (assignments.All(a => a.Host is not null)) return assignments;

        // Only now is it of use what hosts would cost that may not be taken as things are.
        var priced = await Task.WhenAll(views.Select(v => _survey.PriceAsync(v.Snapshot, shape, cancellationToken))).ConfigureAwait(false);
        return Placer.Place(vms, priced);
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
        VmRequest template, List<string> names, IReadOnlyList<Assignment> assignments, HostView[] views, List<RefusedVm> refused)
    {
        var byHost = views.ToDictionary(v => v.Snapshot.Definition.Name, StringComparer.Ordinal);
        var planned = new List<PlannedVm>(names.Count);
        StratusException? noRoom = null;
        for (var i = 0; i < names.Count; i++)
        {
            if (assignments[i].Host is { } host)
            {
                planned.Add(Plan(template, names[i], assignments[i], byHost[host]));
                continue;
            }

            noRoom ??= NoRoom(planned, names.Count, assignments[i].Reason);
            refused.Add(new RefusedVm(names[i], noRoom));
        }

        return planned;
    }

    private static PlannedVm Plan(VmRequest template, string name, Assignment assignment, HostView view)
    {
        var (host, reason, terms) = assignment;
        var most = view.Snapshot.IsPriced ? terms?.Ceiling ?? template.MaxHourlyPrice : null;
        var request = template with { RequestId = Guid.NewGuid(), Name = name, PlacementReason = reason, MaxHourlyPrice = most };
        return new PlannedVm(request, host!, reason)
        {
            MachineType = terms?.Offer.MachineType,
            Market = view.Snapshot.IsPriced ? terms?.Offer.Market ?? template.Market : null,
            HourlyPrice = terms?.Offer.HourlyPrice,
            Cpu = terms?.Cpu > template.Cpu ? terms.Cpu : null,
            Room = view.Room,
        };
    }

    private static StratusException NoRoom(List<PlannedVm> planned, int wanted, string reason)
    {
        var others = planned.Count == 0 ? string.Empty : $" {PlanSummary.Placed(planned, wanted)}.";
        return new StratusException("NoCapacity", StratusErrorKind.NoCapacity, $"{wanted - planned.Count} of {wanted} VMs do not fit.{others} {reason}");
    }

    private static List<string> FreeNames(IReadOnlyList<string> wanted, HostView[] views, IReadOnlyList<JournalEntry> reservations, List<RefusedVm> refused)
    {
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var reservation in reservations) taken.TryAdd(reservation.Target, $"another VM of that name is being created on host '{reservation.Host}'");
        foreach (var view in views)
        {
            foreach (var vm in view.Vms) taken.TryAdd(vm.Name, $"host '{vm.Host}' has a VM of that name");
            foreach (var made in view.Made) taken.TryAdd(made.Target, $"host '{made.Host}' has a VM of that name, which it does not list yet");
        }

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
            Gpu = specification.Gpu,
            MachineType = specification.MachineType,
            Market = specification.Market,
            FallBackToOnDemand = specification.FallBackToOnDemand,
            MaxHourlyPrice = specification.MaxHourlyPrice,
            OpenPorts = specification.OpenPorts is { } ports ? [.. ports.Distinct().Order()] : null,
            RemoveOnShutdown = specification.RemoveOnShutdown,
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
}

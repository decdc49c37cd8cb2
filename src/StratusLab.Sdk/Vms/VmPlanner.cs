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

        var shape = ShapeOf(specification, template, apart);

        // The journal first: what is made in between is then counted twice rather than not at all.
        var asked = clock.GetUtcNow();
        var (reservations, abandoned, mark) = await journal.ReadReservationsAsync(cancellationToken).ConfigureAwait(false);
        var known = new KnownCreations(reservations, abandoned, asked, mark);
        var views = await ViewTrustedAsync(template.Image, (h, ct) => ViewAsync(h, shape, known, ct), all, cancellationToken).ConfigureAwait(false);
        var refused = new List<RefusedVm>();
        var names = FreeNames(specification.Names, views, reservations, refused);
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
        var priced = await Task.WhenAll(views.Select(v => PriceAsync(v.Snapshot, shape, cancellationToken))).ConfigureAwait(false);
        return Placer.Place(vms, priced);
    }

    private async Task<HostSnapshot> PriceAsync(HostSnapshot snapshot, PlacementShape shape, CancellationToken cancellationToken)
    {
        if (!snapshot.IsPriced || snapshot.Offers is not null || snapshot.Status.Health != HostHealth.Ready || shape.MaySpendOn(snapshot.Definition.Name)) return snapshot;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(HostPatience);
        var (offers, problem) = await AskOffersAsync(hosts.ProviderOf(snapshot.Definition), shape, patience.Token, cancellationToken).ConfigureAwait(false);
        return snapshot with { Offers = offers, OffersProblem = problem };
    }

    // What the host sells, in both markets where it may be either.
    private static async Task<(IReadOnlyList<MachineOffer>? Offers, string? Problem)> AskOffersAsync(
        IComputeProvider provider, PlacementShape shape, CancellationToken patience, CancellationToken cancellationToken)
    {
        if (provider is not IPricedHost priced) return (null, null);
        var needs = new MachineNeeds
        {
            Cpu = shape.Cpu,
            Memory = shape.Memory,
            Disk = shape.Disk,
            Gpu = shape.Gpu,
            Architecture = HostFitness.Kernel(shape.Architecture ?? "x86_64"),
            Firmware = shape.Firmware,
            Market = shape.Market,
            MachineType = shape.MachineType,
        };
        try
        {
            var offers = await priced.ListOffersAsync(needs, patience).ConfigureAwait(false);
            if (!shape.FallBackToOnDemand) return ([.. offers.OrderBy(o => o.HourlyPrice)], null);
            var list = await priced.ListOffersAsync(needs with { Market = VmMarket.OnDemand }, patience).ConfigureAwait(false);
            return ([.. offers.Concat(list).OrderBy(o => o.HourlyPrice)], null);
        }
        catch (StratusException e)
        {
            return (null, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer within {HostPatience.TotalSeconds:0} s");
        }
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
        var request = template with { RequestId = Guid.NewGuid(), Name = name, PlacementReason = reason, MaxHourlyPrice = terms?.Ceiling ?? template.MaxHourlyPrice };
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

    private static HostRoom RoomOf(HostSnapshot snapshot, long mark, IReadOnlyList<long> abandoned)
    {
        var load = new HostLoad(snapshot);
        return new HostRoom(load.CpuTotal - load.CpuUsed, load.MemoryTotal - load.MemoryUsed, load.IsElastic, snapshot.IsPriced, snapshot.Use, mark) { Abandoned = abandoned };
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

    private async Task<HostView> ViewAsync(HostDefinition host, PlacementShape shape, KnownCreations known, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(HostPatience);
        try
        {
            var provider = hosts.ProviderOf(host);
            var isPriced = provider.Capabilities.HasFlag(ProviderCapabilities.Priced);
            var asking = isPriced && shape.MaySpendOn(host.Name) && Wildcard.MatchesAny(shape.HostNames, host.Name)
                ? AskOffersAsync(provider, shape, patience.Token, cancellationToken)
                : Task.FromResult<(IReadOnlyList<MachineOffer>?, string?)>((null, null));
            var vms = new List<VirtualMachine>();
            await foreach (var vm in provider.ListAsync(new VmQuery { IncludeUnmanaged = true, WithAddresses = false }, patience.Token).ConfigureAwait(false)) vms.Add(vm);
            var status = await provider.InspectAsync(patience.Token).ConfigureAwait(false);
            var (images, idle) = await ImagesAsync(provider, status, shape, patience.Token).ConfigureAwait(false);
            var there = vms.Where(v => v.RequestId is not null).Select(v => v.RequestId).ToHashSet();
            var (open, abandoned) = known.On(host.Name, there);

            // What was done just now may not be listed yet.
            var made = status.ListingDelay <= TimeSpan.Zero ? [] : await journal.ReadMadeAsync(host.Name, known.At - status.ListingDelay, known.Mark, cancellationToken).ConfigureAwait(false);
            made = [.. made.Where(e => !there.Contains(e.RequestId) && open.TrueForAll(o => o.Id != e.Id))];
            List<JournalEntry> creations = [.. open, .. made];
            List<VmRequest> coming = [.. creations.Select(SiteJournal.RequestOf)];
            var use = HostUse.Sum(vms.Where(v => v.IsManaged).Select(v => HostUse.Of(v, isPriced)).Concat(creations.Select(e => HostUse.Of(e, isPriced))));
            var (offers, problem) = await asking.ConfigureAwait(false);
            var snapshot = new HostSnapshot
            {
                Definition = host,
                Status = host.ImageCacheLimit is null ? status : status with { StorageFree = status.StorageFree + idle },
                Capabilities = provider.Capabilities,
                ReservedCpu = coming.Sum(r => r.Cpu),
                ReservedMemory = new ByteSize(coming.Sum(r => r.Memory.Bytes)),
                VmLabels = vms.SelectMany(v => v.Labels).Concat(coming.SelectMany(r => r.Labels)).Select(l => $"{l.Key}={l.Value}").ToHashSet(StringComparer.Ordinal),
                Images = images,
                Use = use,
                Offers = offers,
                OffersProblem = problem,
            };
            return new HostView(snapshot, vms, made, RoomOf(snapshot, known.Mark, [.. abandoned.Select(e => e.Id).Except(made.Select(e => e.Id))]));
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
        if (!provider.Capabilities.HasFlag(ProviderCapabilities.Images) || provider is not IImageHost store || status.IsElastic || status.StorageFree > shape.ImageStorage + ByteSize.FromGiB(4)) return (images, ByteSize.Zero);
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
        [],
        [],
        null);

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

    private sealed record HostView(HostSnapshot Snapshot, IReadOnlyList<VirtualMachine> Vms, IReadOnlyList<JournalEntry> Made, HostRoom? Room);

    /// <summary>What the journal knew of creations under way before the hosts were asked.</summary>
    private sealed record KnownCreations(IReadOnlyList<JournalEntry> Open, IReadOnlyList<JournalEntry> Abandoned, DateTimeOffset At, long Mark)
    {
        public (List<JournalEntry> Open, List<JournalEntry> Abandoned) On(string host, HashSet<Guid?> there)
        {
            return (Missing(Open), Missing(Abandoned));

            List<JournalEntry> Missing(IReadOnlyList<JournalEntry> entries) =>
                [.. entries.Where(e => string.Equals(e.Host, host, StringComparison.OrdinalIgnoreCase) && !there.Contains(e.RequestId))];
        }
    }
}

using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Asks hosts for what a plan has to know of them, and the journal for what they cannot know yet.</summary>
internal sealed class HostSurvey(HostRegistry hosts, SiteJournal journal, TimeProvider clock)
{
    private static readonly TimeSpan HostPatience = TimeSpan.FromSeconds(30);

    /// <summary>What is under way. It is read before the hosts are asked.</summary>
    public async Task<KnownCreations> ReadJournalAsync(CancellationToken cancellationToken)
    {
        var at = clock.GetUtcNow();
        var (open, abandoned, mark) = await journal.ReadReservationsAsync(cancellationToken).ConfigureAwait(false);
        return new KnownCreations(open, abandoned, at, mark);
    }

    /// <summary>One host; one that does not answer is there as unreachable.</summary>
    public async Task<HostView> ViewAsync(HostDefinition host, PlacementShape shape, KnownCreations known, CancellationToken cancellationToken)
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

    /// <summary>The host with what it sells, if it is ready and was not asked before because it may not be taken as things are.</summary>
    public async Task<HostSnapshot> PriceAsync(HostSnapshot snapshot, PlacementShape shape, CancellationToken cancellationToken)
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

    private static HostRoom RoomOf(HostSnapshot snapshot, long mark, IReadOnlyList<long> abandoned)
    {
        var load = new HostLoad(snapshot);
        return new HostRoom(load.CpuTotal - load.CpuUsed, load.MemoryTotal - load.MemoryUsed, load.IsElastic, snapshot.IsPriced, snapshot.Use, mark) { Abandoned = abandoned };
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
}

using System.Data.Common;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// All that one catalogue knows, and the work that can be done with it. Safe for concurrent use; several processes may have
/// the same site open, and one process may have several sites open.
/// </summary>
public sealed class StratusSite : IAsyncDisposable
{
    private readonly SiteCatalogue _catalogue;
    private readonly SessionLock _lock;
    private readonly ISiteSession _session;
    private readonly ProviderCache _providers;
    private readonly SiteRecovery _recovery;

    private StratusSite(SiteOptions options, string name, SiteCatalogue catalogue, SessionLock held, ISiteSession session)
    {
        Name = name;
        Folder = Path.GetFullPath(options.Folder);
        _catalogue = catalogue;
        _lock = held;
        _session = session;
        _providers = new ProviderCache(options.Providers, host => new SiteCallJournal(catalogue, host, options.Clock));

        Journal = new SiteJournal(catalogue, session, options.Clock);
        Hosts = new HostRegistry(catalogue, _providers, options.Clock);
        Sizes = new SizeRegistry(catalogue);
        var imageFolder = Path.Combine(Folder, "images");
        var seen = new SeenImages(catalogue, options.Clock);
        var scratch = new ScratchFolder(Path.Combine(Folder, "scratch"), held);
        Images = new ImageLibrary(imageFolder, Hosts, seen, new DiskConversion(scratch), options.Owner, options.Clock);
        Trust = new ImageTrust(catalogue, seen, imageFolder, options.Clock);
        Marketplaces = new MarketplaceRegistry(catalogue, Images, Trust, seen, Folder, options.Clock);
        Images.FindOrigin = Marketplaces.FindOriginAsync;
        HostImages = new HostImageService(Hosts, Images);
        _recovery = new SiteRecovery(Journal, Hosts, Images);

        var knownHosts = new KnownHosts(Path.Combine(Folder, "known_hosts"));
        var ssh = new SshClient(knownHosts);
        var channels = new GuestChannels(ssh, options.Clock);
        Guests = new GuestService(Hosts, ssh, channels, options.Clock);

        var planner = new VmPlanner(Hosts, Images, Trust, Sizes, Journal, Name, options.Owner, options.Clock);
        var waiter = new VmWaiter(Hosts, new ConditionProbe(new CloudInitProbe(channels)), options.Clock);
        Vms = new VmService(Hosts, Images, Trust, Journal, _recovery, planner, waiter, knownHosts);

        Bursts = new BurstService(
            new BurstLedger(catalogue, options.Clock),
            () => new BurstMachines(Vms, Hosts, Journal, _recovery, Name),
            () => new BurstCheck(Hosts, Images, Trust, Vms, catalogue, options.Clock),
            Hosts,
            options.Owner,
            options.Clock);

        var temporary = new TemporaryVms(Hosts, Images, Vms, Journal, scratch, Path.Combine(Folder, "logs"), options.Clock);
        ImageMaker = new ImageMaker(Hosts, Images, Vms, temporary, Name, options.Owner, options.Clock);
        ImageExporter = new ImageExporter(Images, scratch);
    }

    /// <summary>The site's name, written into every VM that it makes.</summary>
    public string Name { get; }

    /// <summary>The folder that holds it.</summary>
    public string Folder { get; }

    /// <summary>
    /// Whether other processes have taken over what this one had under way, not having heard of it for a while (<c>SiteSessionLost</c>). It writes nothing more;
    /// open the site again.
    /// </summary>
    public bool IsLost => _session.IsLost;

    /// <summary>The hosts.</summary>
    public HostRegistry Hosts { get; }

    /// <summary>The local image store.</summary>
    public ImageLibrary Images { get; }

    /// <summary>The images that the hosts keep.</summary>
    public HostImageService HostImages { get; }

    /// <summary>Where images are found, published to, and received from.</summary>
    public MarketplaceRegistry Marketplaces { get; }

    /// <summary>Whom the site believes about images.</summary>
    public ImageTrust Trust { get; }

    /// <summary>The sizes.</summary>
    public SizeRegistry Sizes { get; }

    /// <summary>The VMs on all hosts.</summary>
    public VmService Vms { get; }

    /// <summary>How the site grows onto other hosts while demand peaks.</summary>
    public BurstService Bursts { get; }

    /// <summary>Images made out of VMs and out of other images.</summary>
    public ImageMaker ImageMaker { get; }

    /// <summary>Images written to files, in whichever format.</summary>
    public ImageExporter ImageExporter { get; }

    /// <summary>Work inside guests.</summary>
    public GuestService Guests { get; }

    /// <summary>What was intended and what came of it.</summary>
    public SiteJournal Journal { get; }

    /// <summary>Opens a site, making its folder and catalogue if they are not there. No host is contacted.</summary>
    /// <exception cref="StratusException">The catalogue is corrupt, of a newer version, or cannot be opened; nothing was changed.</exception>
    public static async Task<StratusSite> OpenAsync(SiteOptions options, CancellationToken cancellationToken = default)
    {
        var folder = Path.GetFullPath(options.Folder);
        PrivateFolder.Ensure(folder);
        var catalogue = await (options.Database is { } database
            ? PostgresCatalogue.OpenAsync(DatabaseUri.Parse(database), options.Pace, cancellationToken)
            : SqliteCatalogue.OpenAsync(Path.Combine(folder, "catalogue.db"), cancellationToken)).ConfigureAwait(false);
        SessionLock? held = null;
        ISiteSession? session = null;
        try
        {
            held = SessionLock.Take(Path.Combine(folder, "sessions"));
            session = await catalogue.BeginSessionAsync(held, cancellationToken).ConfigureAwait(false);
            var now = options.Clock.GetUtcNow();
            var name = await catalogue.ReadAsync(ReadName, cancellationToken).ConfigureAwait(false)
                ?? await catalogue.WriteAsync(c => WriteName(c, now), cancellationToken: cancellationToken).ConfigureAwait(false);
            return new StratusSite(options, name, catalogue, held, session);
        }
        catch
        {
            if (session is not null) await session.DisposeAsync().ConfigureAwait(false);
            held?.Dispose();
            await catalogue.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What the catalogue holds.</summary>
    public async Task<SiteStatus> InspectAsync(CancellationToken cancellationToken = default)
    {
        var (version, hosts, sessions) = await _catalogue.ReadAsync(
            c => (_catalogue.ReadVersion(c), c.Scalar<long>("SELECT count(*) FROM host"), _session.CountAlive(c)), cancellationToken).ConfigureAwait(false);
        var (_, open, interrupted) = await Journal.CountAsync(cancellationToken).ConfigureAwait(false);
        var images = await Images.ListAsync(_ => { }, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        return new SiteStatus
        {
            Name = Name,
            Folder = Folder,
            Catalogue = _catalogue.Location,
            CatalogueVersion = (int)version,
            HostCount = (int)hosts,
            ImageCount = images.Count,
            ImageStorage = new ByteSize(images.DistinctBy(i => i.DiskDigest).Sum(i => i.StoredSize.Bytes)),
            SizeCount = await Sizes.ListAsync(cancellationToken).CountAsync(cancellationToken).ConfigureAwait(false),
            OpenIntents = open,
            InterruptedIntents = interrupted,
            LiveSessions = sessions,
        };
    }

    /// <summary>Carries through or cleans up what processes left behind that ended in the middle of their work: one outcome per journal entry.</summary>
    public IAsyncEnumerable<RepairOutcome> RepairAsync(CancellationToken cancellationToken = default) => _recovery.RepairAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _providers.DisposeAsync().ConfigureAwait(false);
        await _session.DisposeAsync().ConfigureAwait(false);
        _lock.Dispose();
        await _catalogue.DisposeAsync().ConfigureAwait(false);
    }

    private static string? ReadName(DbConnection c) => c.Scalar<string>("SELECT name FROM site");

    // The machine's name says to people where a VM comes from; the rest tells two sites of one machine apart.
    private static string WriteName(DbConnection c, DateTimeOffset now)
    {
        var machine = new string([.. Environment.MachineName.ToLowerInvariant().Where(ch => char.IsAsciiLetterOrDigit(ch) || ch == '-').Take(40)]).Trim('-');
        c.Execute(
            "INSERT INTO site (id, name, created_at) VALUES (1, @name, @now) ON CONFLICT DO NOTHING",
            ("@name", $"{(machine.Length > 0 ? machine : "site")}-{Guid.NewGuid().ToString("N")[..6]}"),
            ("@now", now.ToUnixTimeMilliseconds()));
        return ReadName(c)!;
    }
}

using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Hosts;
using StratusLab.Ec2.Launch;
using StratusLab.Ec2.Pricing;
using StratusLab.Ec2.Types;
using StratusLab.Ec2.Vms;

namespace StratusLab.Ec2;

/// <summary>A region of EC2 as a host.</summary>
internal sealed partial class Ec2Provider : IComputeProvider, IPricedHost, IConsoleHost
{
    private readonly HostDefinition _host;
    private readonly Ec2Uri _uri;
    private readonly IEc2Client _ec2;
    private readonly TimeProvider _clock;
    private readonly TypeCatalogue _types;
    private readonly OfferBook _offers;
    private readonly VmInventory _inventory;
    private readonly InstanceCalls _instances;
    private readonly VmPower _power;
    private readonly VmRemover _remover;
    private readonly RegionInspector _inspector;
    private readonly LaunchSite _site;
    private readonly SecurityGroups _groups;
    private readonly BatchLauncher _launcher;
    private readonly LaunchRecovery _recovery;

    public Ec2Provider(HostDefinition host, Ec2Uri uri, IEc2Client ec2, ICallJournal journal, TimeProvider clock)
    {
        (_host, _uri, _ec2, _clock) = (host, uri, ec2, clock);
        _types = new TypeCatalogue(ec2, clock);
        _offers = new OfferBook(uri, ec2, _types, clock);
        var calls = new LaunchCalls(host, ec2, journal, clock);
        _inventory = new VmInventory(host, ec2, _types, calls, new RecentLaunches(LaunchCalls.ListingDelay, clock), clock);
        _site = new LaunchSite(host, uri, ec2, clock);
        _groups = new SecurityGroups(host, uri, ec2, clock);
        var lookup = new LaunchLookup(ec2, calls, _inventory, clock);
        var places = new PlaceFinder(host, _site, _offers);
        _launcher = new BatchLauncher(host, _site, _groups, new KeyPairs(ec2), places, new CapacityMemory(clock), calls, lookup, _inventory);
        _recovery = new LaunchRecovery(calls, lookup);
        _instances = new InstanceCalls(_inventory, clock);
        _power = new VmPower(ec2, _inventory, _instances, clock);
        _remover = new VmRemover(ec2, _inventory, _power, _instances);
        _inspector = new RegionInspector(host, uri, ec2, _inventory, _types, _offers, clock);
    }

    /// <inheritdoc/>
    public ProviderCapabilities Capabilities =>
        ProviderCapabilities.Uefi | ProviderCapabilities.Priced | ProviderCapabilities.Spot | ProviderCapabilities.RemoveOnShutdown | ProviderCapabilities.Firewall
        | ProviderCapabilities.MachineTypes | ProviderCapabilities.ConsoleLog | ProviderCapabilities.Images | ProviderCapabilities.NativeImages;

    /// <inheritdoc/>
    public Task<HostStatus> InspectAsync(CancellationToken cancellationToken = default) => _inspector.InspectAsync(cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<HostCheck> CheckAsync(CancellationToken cancellationToken = default) => _inspector.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<VirtualMachine> ListAsync(VmQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _inventory.ListAsync(query, cancellationToken);
    }

    /// <inheritdoc/>
    public VmId? IdentityOf(Guid requestId) => null;

    /// <inheritdoc/>
    public IAsyncEnumerable<VmEvent> WatchAsync(CancellationToken cancellationToken = default) => new VmEventFeed(_inventory, _clock).WatchAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _ec2.Dispose();
        _types.Dispose();
        _offers.Dispose();
        _site.Dispose();
        _groups.Dispose();
        Images.Dispose();
        return ValueTask.CompletedTask;
    }
}

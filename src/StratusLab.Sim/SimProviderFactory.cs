using System.Collections.Concurrent;
using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>
/// Makes providers for <c>sim://NAME</c> hosts, which exist in memory only: for training, dry runs and tests. Providers of the
/// same NAME from one factory share one host, as two administrators' connections to one machine do; another factory knows nothing of it.
/// </summary>
/// <remarks>
/// Query parameters, all optional: <c>cpu=64</c>, <c>memory=256GB</c>, <c>storage=2TB</c>, <c>start=0ms</c> (until a VM asked for is running),
/// <c>boot=50ms</c> (until its guest answers), <c>shutdown=50ms</c>, <c>acpi=ignore</c>, <c>dhcp=ignore</c>, <c>agent=ignore</c> (what guests
/// do not react to), <c>networks=default,lab</c>, <c>unmanaged=N</c> (VMs that are there already and not ours),
/// <c>price=0.05</c> (US dollars for a virtual CPU and an hour, which makes it a cloud: it buys room as it is needed, in machine types s1.small,
/// s1.medium, … of 1 to 32 virtual CPUs and 4 GB for each, g1.… with GPUs), <c>spot=0.3</c> (the spot price as a part of that), <c>capacity=N</c> (VMs of one type),
/// <c>lag=5s</c> (how long a new VM is missing from listings),
/// <c>without=suspend,images,console,agent,addresses,uefi</c> (capabilities that the host lacks), and the faults
/// <c>unreachable=true</c>, <c>slow=100ms</c>, <c>drop-after=N</c>, <c>fail-create=GLOB</c> and <c>interrupt-create=GLOB</c> (see <see cref="SimFaults"/>).
/// The first URI that names a host decides what it is like. Images are verified and counted, their bytes are not kept; a VM's disk takes
/// 16 MB of the storage, as a thin overlay does at first.
/// </remarks>
public sealed class SimProviderFactory : IComputeProviderFactory
{
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, SimHost> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a factory whose hosts live by the system's clock.</summary>
    public SimProviderFactory()
        : this(TimeProvider.System)
    {
    }

    /// <summary>Makes a factory whose hosts live by another clock.</summary>
    /// <param name="clock">Tells the time and fires the guests' boots and shutdowns.</param>
    public SimProviderFactory(TimeProvider clock) => _clock = clock;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Schemes { get; } = ["sim"];

    /// <inheritdoc/>
    public IComputeProvider Create(HostDefinition host, ICallJournal calls)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new SimProvider(host, HostOf(host.Uri));
    }

    /// <summary>The faults of the host that a URI names, to be changed while it is in use.</summary>
    /// <param name="uri">A <c>sim://</c> URI.</param>
    /// <exception cref="InvalidInputException">The URI is wrong; the message names the part.</exception>
    public SimFaults FaultsOf(string uri) => HostOf(uri).Faults;

    private SimHost HostOf(string uri)
    {
        var settings = SimSettings.Parse(uri);
        return _hosts.GetOrAdd(settings.Name, _ => new SimHost(settings, _clock));
    }
}

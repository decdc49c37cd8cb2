using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Runs VMs on one host through libvirt. Made by <see cref="KvmProviderFactory"/>.</summary>
public sealed class KvmProvider : IComputeProvider, IImageHost, IImageReader, IConsoleHost, IGuestAgentHost, IAddressSource, IDiskHost
{
    private const string TestDriver = "test";

    private const ProviderCapabilities OfTestDriver = ProviderCapabilities.Suspend | ProviderCapabilities.Events;

    private const ProviderCapabilities OfQemu = OfTestDriver
        | ProviderCapabilities.Images
        | ProviderCapabilities.ImageReadback
        | ProviderCapabilities.Console
        | ProviderCapabilities.ConsoleLog
        | ProviderCapabilities.GuestAgent
        | ProviderCapabilities.AddressDiagnosis
        | ProviderCapabilities.Uefi
        | ProviderCapabilities.Disks;

    private readonly HostConnection _host;
    private readonly AcceleratorDecision _accelerator;
    private readonly HostInspector _inspector;
    private readonly HostChecks _checks;
    private readonly VmInventory _inventory;
    private readonly VmCreator _creator;
    private readonly VmRecovery _recovery;
    private readonly VmPower _power;
    private readonly VmUpdate _update;
    private readonly VmRemover _remover;
    private readonly VmEventFeed _events;
    private readonly ImageStore _images;
    private readonly GuestConsole _console;
    private readonly GuestAgent _agent;
    private readonly AddressFinder _addresses;
    private readonly DiskReader _disks;

    internal KvmProvider(HostDefinition definition, LibvirtUri uri)
    {
        var clock = TimeProvider.System;
        _host = new HostConnection(definition, uri);
        _accelerator = new AcceleratorDecision(_host);
        _inspector = new HostInspector(_host, _accelerator, clock);
        _checks = new HostChecks(_host, _accelerator);
        _inventory = new VmInventory(_host);
        var verification = new ImageVerification(_host);
        var copier = new DiskCopier(_host);
        _images = new ImageStore(_host, verification);
        _creator = new VmCreator(_host, _accelerator, verification, copier);
        _recovery = new VmRecovery(_host);
        _power = new VmPower(_host);
        _update = new VmUpdate(_host, _inventory);
        _remover = new VmRemover(_host);
        _events = new VmEventFeed(_host, clock);
        _console = new GuestConsole(_host);
        _agent = new GuestAgent(_host);
        _addresses = new AddressFinder(_host);
        _disks = new DiskReader(_host, copier);
        Capabilities = uri.Driver == TestDriver ? OfTestDriver : OfQemu;
    }

    /// <inheritdoc/>
    public ProviderCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public VmId? IdentityOf(Guid requestId) => new VmId(_host.Definition.Name, VmNames.Of(requestId).Key);

    /// <inheritdoc/>
    public Task<HostStatus> InspectAsync(CancellationToken cancellationToken = default) => _inspector.InspectAsync(cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<HostCheck> CheckAsync(CancellationToken cancellationToken = default) => _checks.RunAsync(cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<VirtualMachine> ListAsync(VmQuery query, CancellationToken cancellationToken = default) => _inventory.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> CreateAsync(IReadOnlyList<VmRequest> batch, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.Images)._creator.CreateAsync(batch, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> RecoverAsync(IReadOnlyList<VmRequest> interrupted, CancellationToken cancellationToken = default) =>
        _recovery.RecoverAsync(interrupted, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> ChangePowerAsync(IReadOnlyList<VmId> vms, PowerAction action, CancellationToken cancellationToken = default) =>
        _power.ChangeAsync(vms, action, cancellationToken);

    /// <inheritdoc/>
    public Task<VirtualMachine> UpdateAsync(VmId vm, VmChange change, CancellationToken cancellationToken = default) => _update.UpdateAsync(vm, change, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<VmOutcome> DeleteAsync(IReadOnlyList<VmId> vms, DeleteOptions options, CancellationToken cancellationToken = default) =>
        _remover.DeleteAsync(vms, options, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<VmEvent> WatchAsync(CancellationToken cancellationToken = default) => _events.WatchAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<HostImage> EnsureImageAsync(ImageContent image, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.Images)._images.EnsureAsync(image, progress, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<HostImage> ListImagesAsync(CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.Images)._images.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<HostImageCheck> VerifyImageAsync(string diskDigest, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.ImageReadback)._images.VerifyAsync(diskDigest, progress, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> OpenImageAsync(string diskDigest, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.ImageReadback)._images.OpenAsync(diskDigest, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveImageAsync(string diskDigest, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.Images)._images.RemoveAsync(diskDigest, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> OpenConsoleAsync(VmId vm, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.Console)._console.OpenAsync(vm, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> OpenConsoleLogAsync(VmId vm, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.ConsoleLog)._console.OpenLogAsync(vm, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> IsAgentReadyAsync(VmId vm, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.GuestAgent)._agent.IsReadyAsync(vm, cancellationToken);

    /// <inheritdoc/>
    public Task<GuestProcessResult> ExecuteAsync(VmId vm, GuestProcess process, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.GuestAgent)._agent.ExecuteAsync(vm, process, cancellationToken);

    /// <inheritdoc/>
    public Task WriteFileAsync(VmId vm, string path, Stream content, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.GuestAgent)._agent.WriteFileAsync(vm, path, content, cancellationToken);

    /// <inheritdoc/>
    public Task ReadFileAsync(VmId vm, string path, Stream destination, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.GuestAgent)._agent.ReadFileAsync(vm, path, destination, cancellationToken);

    /// <inheritdoc/>
    public Task<AddressReport> FindAddressesAsync(VmId vm, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.AddressDiagnosis)._addresses.FindAsync(vm, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> OpenDiskAsync(VmId vm, CancellationToken cancellationToken = default) =>
        Able(ProviderCapabilities.Disks)._disks.OpenAsync(vm, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync().ConfigureAwait(false);
        _accelerator.Dispose();
    }

    /// <summary>This provider, if its driver is able to do what is asked. libvirt's test driver has machines, but no disks and no guests in them.</summary>
    private KvmProvider Able(ProviderCapabilities needed) => Capabilities.HasFlag(needed) ? this : throw HostErrors.NotCapable(_host.Definition, needed);
}

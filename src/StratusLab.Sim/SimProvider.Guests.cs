using StratusLab.Core;

namespace StratusLab.Sim;

internal sealed partial class SimProvider
{
    public Task<Stream> OpenConsoleAsync(VmId vm, CancellationToken cancellationToken = default)
    {
        RequireConsole();
        return CallAsync(
            () =>
            {
                lock (host.Gate)
                {
                    var found = FindManaged(vm);
                    if (found.State is VmState.Stopped or VmState.Pending)
                        throw SimErrors.Refused("InvalidVmState", StratusErrorKind.InvalidState, $"The VM '{found.Name}' is {found.State} and has no console: start it first.", vm.ToString());
                    return (Stream)new SimConsoleStream(found.Guest, () => found.Answers);
                }
            },
            cancellationToken);
    }

    public Task<Stream> OpenConsoleLogAsync(VmId vm, CancellationToken cancellationToken = default)
    {
        Require(ProviderCapabilities.ConsoleLog, "its VMs have no serial console");
        return CallAsync(
            () =>
            {
                lock (host.Gate) return (Stream)new MemoryStream(FindManaged(vm).Guest.Console.Snapshot(), writable: false);
            },
            cancellationToken);
    }

    public Task<bool> IsAgentReadyAsync(VmId vm, CancellationToken cancellationToken = default)
    {
        RequireAgent();
        return CallAsync(
            () =>
            {
                lock (host.Gate) return FindManaged(vm).Answers && !host.Settings.IgnoresAgent;
            },
            cancellationToken);
    }

    public async Task<GuestProcessResult> ExecuteAsync(VmId vm, GuestProcess process, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(process);
        RequireAgent();
        var guest = await CallAsync(() => AnsweringGuest(vm), cancellationToken).ConfigureAwait(false);
        return await SimShell.RunAsync(guest, process, host.Clock, cancellationToken).ConfigureAwait(false)
            ?? throw SimErrors.Refused("GuestProgramNotFound", StratusErrorKind.NotFound, $"The guest '{guest.HostName}' has no program '{process.Path}'.", process.Path);
    }

    public async Task WriteFileAsync(VmId vm, string path, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(content);
        RequireAgent();
        var guest = await CallAsync(() => AnsweringGuest(vm), cancellationToken).ConfigureAwait(false);
        await guest.WriteAsync(path, content, cancellationToken).ConfigureAwait(false);
    }

    public async Task ReadFileAsync(VmId vm, string path, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        RequireAgent();
        var guest = await CallAsync(() => AnsweringGuest(vm), cancellationToken).ConfigureAwait(false);
        var file = guest.Read(path)
            ?? throw SimErrors.Refused("GuestFileNotFound", StratusErrorKind.NotFound, $"The guest '{guest.HostName}' has no file '{path}'.", path);
        await destination.WriteAsync(file, cancellationToken).ConfigureAwait(false);
    }

    public Task<AddressReport> FindAddressesAsync(VmId vm, CancellationToken cancellationToken = default)
    {
        Require(ProviderCapabilities.AddressDiagnosis, "it cannot say where it looked for addresses");
        return CallAsync(
            () =>
            {
                lock (host.Gate)
                {
                    var found = FindManaged(vm);
                    List<string> missing = [];
                    if (found.Addresses.Count == 0)
                    {
                        missing.Add($"no DHCP lease on network '{NetworkOf(found)}' for {found.Mac}");
                        missing.Add($"no ARP entry for {found.Mac}");
                    }

                    if (!found.Answers || host.Settings.IgnoresAgent) missing.Add("the guest agent does not answer");
                    return new AddressReport(found.Addresses, missing);
                }
            },
            cancellationToken);
    }

    private void RequireConsole() => Require(ProviderCapabilities.Console, "its VMs have no serial console");

    private void RequireAgent() => Require(ProviderCapabilities.GuestAgent, "its guests are reached over the network only");

    private string NetworkOf(SimVm vm) => vm.Request?.Networks is [var first, ..] ? first : definition.Network;

    private SimGuest AnsweringGuest(VmId vm)
    {
        lock (host.Gate)
        {
            var found = FindManaged(vm);
            if (found.Answers && !host.Settings.IgnoresAgent) return found.Guest;
            throw new HostRefusedException(
                "GuestAgentNotReady", StratusErrorKind.InvalidState, $"The guest agent of '{found.Name}' does not answer: wait until it has booted.", "GuestAgentNotReady")
            {
                IsTransient = found.State == VmState.Running && !host.Settings.IgnoresAgent,
                Resource = vm.ToString(),
            };
        }
    }
}

using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// Lets a VM do its part in making an image, takes its disk, and removes it. The journal knows from the beginning that the VM is not to
/// stay, so that whoever finds it after a crash removes it.
/// </summary>
internal sealed class TemporaryVms(HostRegistry hosts, ImageLibrary images, VmService vms, SiteJournal journal, ScratchFolder scratch, string logs, TimeProvider clock)
{
    // After Ctrl-C the caller has to be back within a second; what is not removed by then is left to the next start.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RemovalPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(20);
    private static readonly DeleteOptions AtOnce = new() { Force = true, ShutdownTimeout = TimeSpan.Zero };

    /// <summary>Refuses a host on which this cannot be done.</summary>
    public static void Require(IComputeProvider provider, string host)
    {
        foreach (var needed in (ProviderCapabilities[])[ProviderCapabilities.Disks, ProviderCapabilities.Console])
        {
            if (!provider.Capabilities.HasFlag(needed))
                throw new StratusException("NotSupported", StratusErrorKind.NotSupported, $"Images cannot be made on host '{host}', which lacks the capability {needed}.") { Resource = host };
        }
    }

    public static async Task<VirtualMachine?> FindAsync(IComputeProvider provider, VmId vm, CancellationToken cancellationToken) =>
        await provider.ListAsync(new VmQuery { Keys = [vm.Key], IncludeUnmanaged = true, WithAddresses = false }, cancellationToken).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);

    public async Task<StratusImage> MakeAsync(
        PlannedVm plan, string mark, ImageMaking making, ImagePublication publication, ProgressMeter meter, CancellationToken cancellationToken)
    {
        var provider = await hosts.ConnectAsync(plan.Host, cancellationToken).ConfigureAwait(false);
        Require(provider, plan.Host);
        var entries = await journal.OpenAsync([JournalIntent.MakeImage(plan.Host, plan.Request)], cancellationToken).ConfigureAwait(false);
        var isMade = false;
        using var work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, journal.Lapsed);
        try
        {
            meter.Wait(plan.Request.CopyDiskOf is null ? $"VM '{plan.Request.Name}' on host '{plan.Host}'" : $"a copy of the disk on host '{plan.Host}'");
            var vm = await CreateAsync(plan, work.Token).ConfigureAwait(false);
            meter.Step();
            await LetWorkAsync(provider, vm, plan, mark, making, meter, work.Token).ConfigureAwait(false);
            meter.Step();
            var image = await TakeDiskAsync(provider, vm, publication, meter, work.Token).ConfigureAwait(false);
            isMade = true;
            return image;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested && work.IsCancellationRequested)
        {
            throw CatalogueErrors.IsSilent(e);
        }
        finally
        {
            await RemoveAsync(provider, plan, entries[0], isMade, work.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the disk of a VM that is off into the store, through the same checks as any published file.</summary>
    public async Task<StratusImage> TakeDiskAsync(
        IComputeProvider provider, VmId vm, ImagePublication publication, ProgressMeter meter, CancellationToken cancellationToken)
    {
        var file = scratch.Create("qcow2");
        try
        {
            await using (file.ConfigureAwait(false)) await FetchAsync((IDiskHost)provider, vm, file, meter, cancellationToken).ConfigureAwait(false);
            meter.Step();
            var image = await images.PublishAsync(publication with { Path = file.Name }, meter, cancellationToken).ConfigureAwait(false);
            meter.Step();
            return image;
        }
        catch (IOException e)
        {
            throw ImageErrors.Translate(e, $"{publication.Name}:{publication.Version}", Path.GetDirectoryName(file.Name)!);
        }
        finally
        {
            File.Delete(file.Name);
        }
    }

    private static async Task FetchAsync(IDiskHost host, VmId vm, FileStream file, ProgressMeter meter, CancellationToken cancellationToken)
    {
        meter.Wait("the disk to be made ready");
        var buffer = new byte[1 << 20];
        var disk = await host.OpenDiskAsync(vm, cancellationToken).ConfigureAwait(false);
        await using (disk.ConfigureAwait(false))
        {
            int count;
            while ((count = await disk.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                meter.Wait($"the disk from host '{vm.Host}': {new ByteSize(file.Position)}");
            }
        }
    }

    private async Task<VmId> CreateAsync(PlannedVm plan, CancellationToken cancellationToken)
    {
        StratusException? error = null;
        await foreach (var outcome in vms.CreateAsync([plan], cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Vm is { } vm) return vm.Id;
            error = outcome.Error;
        }

        throw error ?? HostErrors.NoOutcome(plan.Host);
    }

    private async Task LetWorkAsync(
        IComputeProvider provider, VmId vm, PlannedVm plan, string mark, ImageMaking making, ProgressMeter meter, CancellationToken cancellationToken)
    {
        var watch = new GuestWatch(provider, vm, mark, plan.Request.Guest.UserData!, clock);
        var isOff = await watch.UntilOffAsync(making.Timeout, meter, cancellationToken).ConfigureAwait(false);
        var log = await ReadLogAsync(watch, plan.Host, cancellationToken).ConfigureAwait(false);
        var path = await KeepLogAsync(making, log, cancellationToken).ConfigureAwait(false);
        var report = GuestReport.Read(log, mark);
        if (report.IsDone && isOff) return;
        var (id, kind, what) = (report.Failure, isOff) switch
        {
            ({ } failure, _) => ("ImageMakingFailed", StratusErrorKind.Failed, $"the guest says: {failure}."),
            (_, false) when report.HasBegun => ("ImageMakingTimeout", StratusErrorKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"the guest was still at work after {making.Timeout.TotalSeconds:0} s.")),
            (_, false) => ("ImageMakingTimeout", StratusErrorKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"the guest had not begun after {making.Timeout.TotalSeconds:0} s. It needs cloud-init, or qemu-guest-agent; an image without both can only be saved without being cleaned.")),
            _ => ("ImageMakingFailed", StratusErrorKind.Failed, "the guest went off before its work was done."),
        };
        var last = report.LastLines.Length > 0 ? $" Its console's last lines before that:\n{report.LastLines}\n" : " ";
        throw new StratusException(id, kind, $"Image {making.Name}:{making.Version} was not made: {what}{last}The whole console log is in '{path}'.") { Resource = $"{making.Name}:{making.Version}" };
    }

    private static async Task<string> ReadLogAsync(GuestWatch watch, string host, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LogPatience);
        try
        {
            return await watch.ReadLogAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw HostErrors.Wrap(e, host);
        }
    }

    private async Task<string> KeepLogAsync(ImageMaking making, string log, CancellationToken cancellationToken)
    {
        var path = making.LogPath;
        try
        {
            if (path is null)
            {
                PrivateFolder.Ensure(logs);
                path = Path.Combine(logs, string.Create(CultureInfo.InvariantCulture, $"image-{making.Name}-{making.Version}-{clock.GetUtcNow():yyyyMMdd-HHmmss}.log"));
            }

            // It may show what a script thought was for itself only.
            if (!File.Exists(path)) PrivateFolder.CreateFile(path);
            await File.WriteAllTextAsync(path, log, cancellationToken).ConfigureAwait(false);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StratusException("LogNotWritable", StratusErrorKind.PermissionDenied, $"The console log cannot be kept in '{path}': {e.Message}", e) { Resource = path };
        }
    }

    private async Task RemoveAsync(IComputeProvider provider, PlannedVm plan, JournalEntry entry, bool isMade, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(cancellationToken.IsCancellationRequested ? Grace : RemovalPatience);
        try
        {
            if (await IdentityOfAsync(provider, plan.Request, patience.Token).ConfigureAwait(false) is { } vm)
            {
                await foreach (var outcome in vms.RemoveAsync([vm], AtOnce, cancellationToken: patience.Token).ConfigureAwait(false))
                    if (outcome.Error is { } error) throw error;
            }

            var state = isMade ? JournalState.Done : JournalState.Failed;
            await journal.SettleAsync([new JournalSettlement(entry.Id, state, isMade ? plan.Request.Name : "The image was not made; nothing is left.")]).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StratusException or OperationCanceledException)
        {
            await journal.ReleaseAsync([entry.Id], $"VM '{plan.Request.Name}' has not been removed yet: {e.Message}").ConfigureAwait(false);
        }
    }

    /// <summary>The VM of a request, as far as it is there or may be.</summary>
    public static async Task<VmId?> IdentityOfAsync(IComputeProvider provider, VmRequest request, CancellationToken cancellationToken)
    {
        if (provider.IdentityOf(request.RequestId) is { } known) return known;
        var query = new VmQuery { RequestIds = [request.RequestId], WithAddresses = false };
        return (await provider.ListAsync(query, cancellationToken).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false))?.Id;
    }
}

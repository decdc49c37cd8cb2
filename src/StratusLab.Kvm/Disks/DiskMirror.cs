using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>
/// Copies the disk of a VM that is on: the hypervisor mirrors it until both are alike, the guest's file systems are held still for that
/// moment where an agent can do so, and the mirror is ended without the VM's going over to it. The VM goes on as it was.
/// </summary>
internal sealed class DiskMirror(HostConnection host, DiskSource source, VolumePool pool, string volume)
{
    /// <summary>The target of a VM's system disk.</summary>
    private const string Disk = "vda";

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);

    public async Task RunAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        await connection.Volumes.CreateAsync(pool.Ref, VolumeXml.Qcow2(volume, source.Capacity), cancellationToken: cancellationToken).ConfigureAwait(false);
        var ended = false;
        try
        {
            var target = MirrorXml.Target(pool.PathOf(volume));
            await connection.Domains.CopyBlockAsync(source.Domain, Disk, target, flags: BlockCopyFlags.ReuseExternal | BlockCopyFlags.TransientJob, cancellationToken: cancellationToken).ConfigureAwait(false);
            await UntilAlikeAsync(connection, cancellationToken).ConfigureAwait(false);
            await EndStillAsync(connection, cancellationToken).ConfigureAwait(false);
            ended = true;
        }
        finally
        {
            if (!ended) await GiveUpAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends what an interrupted copy has left at its source: a mirror into a volume of the VM that was to be, and file systems held still.</summary>
    public static async Task ClearAsync(LibvirtConnection connection, DomainRef source, Guid vm, CancellationToken cancellationToken)
    {
        try
        {
            var xml = await connection.Domains.GetXmlAsync(source, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (MirrorXml.TargetOf(xml) is { } path && VolumeNames.Of(Path.GetFileName(path))?.Vm == vm)
                await connection.Domains.AbortBlockJobAsync(source, Disk, cancellationToken: cancellationToken).ConfigureAwait(false);
            var state = (await connection.Domains.GetStateAsync(source, cancellationToken).ConfigureAwait(false)).State;
            if (DomainXmlReader.Read(xml).HasAgent && state is (DomainState.Running or DomainState.Blocked)) await GuestFreeze.ThawAsync(connection, source, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code is LibvirtErrorCode.NoDomain or LibvirtErrorCode.OperationInvalid)
        {
            // It is gone or off, and the mirror with it.
        }
    }

    private async Task UntilAlikeAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var headway = new Headway(host);
        while (true)
        {
            // The host says that all is done only once the mirror keeps up with the guest.
            var job = await connection.Domains.GetBlockJobInfoAsync(source.Domain, Disk, cancellationToken).ConfigureAwait(false) ?? throw Ended();
            if (job.Current == job.End) return;
            headway.Note(job.Current);
            await Task.Delay(LookAgain, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task EndStillAsync(LibvirtConnection connection, CancellationToken cancellationToken)
    {
        var isStill = false;
        try
        {
            isStill = source.HasAgent && await GuestFreeze.FreezeAsync(connection, source.Domain, cancellationToken).ConfigureAwait(false);
            await connection.Domains.AbortBlockJobAsync(source.Domain, Disk, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (isStill || cancellationToken.IsCancellationRequested) await ThawAsync().ConfigureAwait(false);
        }
    }

    private async Task ThawAsync()
    {
        if (!source.HasAgent) return;
        using var patience = new CancellationTokenSource(EndPatience);
        try
        {
            await host.CallAsync(connection => GuestFreeze.ThawAsync(connection, source.Domain, patience.Token), patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StratusException or OperationCanceledException)
        {
            // The guest lets go by itself after a while, or recovery does it.
        }
    }

    private async Task GiveUpAsync()
    {
        using var patience = new CancellationTokenSource(EndPatience);
        try
        {
            var vm = VolumeNames.Of(volume)!.Value.Vm;
            await host.CallAsync(connection => ClearAsync(connection, source.Domain, vm, patience.Token), patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StratusException or OperationCanceledException)
        {
            // The failure that led here is the one to tell; recovery ends the mirror.
        }
    }

    private StratusException Ended() => new(
        "DiskCopyEnded",
        StratusErrorKind.InvalidState,
        $"VM '{source.Domain.Name}' was switched off, or its copy was ended by somebody else, before its disk was copied. Try again.") { Resource = $"{host.Definition.Name}/{source.Domain.Name}", IsTransient = true };
}

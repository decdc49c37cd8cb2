using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt;

public sealed partial class LibvirtMigrations
{
    /// <summary>
    /// Moves a domain to another server with this client leading both (<c>virDomainMigrate3</c>: begin at the source, prepare at the
    /// destination, perform at the source, finish at the destination, confirm at the source). Whatever a server refuses, the other is
    /// told, so that the domain runs on one of them; when the destination is lost at the end, it stays paused at the source, because it
    /// may run there already. A paused domain arrives paused.
    /// </summary>
    /// <param name="domain">The domain.</param>
    /// <param name="destination">The connection to the destination's server.</param>
    /// <param name="flags">How to migrate, without <see cref="MigrationFlags.PeerToPeer"/> and <see cref="MigrationFlags.Tunnelled"/>.</param>
    /// <param name="parameters">Further settings, named in <see cref="MigrationParameters"/>.</param>
    /// <param name="cancellationToken">Ends the migration; the domain stays at the source.</param>
    /// <returns>The domain at the destination.</returns>
    public async Task<DomainRef> MigrateAsync(
        DomainRef domain,
        LibvirtConnection destination,
        MigrationFlags flags,
        IReadOnlyCollection<TypedParameter>? parameters = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        const MigrationFlags Led = MigrationFlags.PeerToPeer | MigrationFlags.Tunnelled;
        if ((flags & Led) != MigrationFlags.None)
            throw new ArgumentException($"{flags & Led} is for migrations that the server leads: use MigrateToUriAsync.", nameof(flags));

        var target = destination.Migrations;
        var settings = new List<TypedParameter>(parameters ?? []);
        if ((await GetStateAsync(domain, cancellationToken).ConfigureAwait(false)).State == DomainState.Paused)
            flags |= MigrationFlags.Paused;
        var protectedFlags = flags | MigrationFlags.ChangeProtection;
        var (cookie, xml) = await BeginAsync(domain, settings, protectedFlags, cancellationToken).ConfigureAwait(false);
        var atTarget = flags & ~(MigrationFlags.AbortOnError | MigrationFlags.AutoConverge);
        Replace(settings, MigrationParameters.DestinationXml, xml);
        try
        {
            (cookie, var uri) = await target.PrepareAsync(settings, cookie, atTarget, cancellationToken).ConfigureAwait(false);
            if (uri is not null)
                Replace(settings, MigrationParameters.Uri, uri);
        }
        catch (Exception)
        {
            await ConfirmQuietlyAsync(domain, settings, cookie, protectedFlags, cancelled: true).ConfigureAwait(false);
            throw;
        }

        if (!settings.Exists(static p => p.Name == MigrationParameters.DestinationName))
            settings.Add(TypedParameter.String(MigrationParameters.DestinationName, domain.Name));
        if (!flags.HasFlag(MigrationFlags.Offline))
            cookie = await PerformOrUndoAsync(domain, target, settings, cookie, protectedFlags, atTarget, cancellationToken).ConfigureAwait(false);
        return await FinishAndConfirmAsync(domain, target, settings, cookie, protectedFlags, atTarget).ConfigureAwait(false);
    }

    private async Task<byte[]> PerformOrUndoAsync(
        DomainRef domain,
        LibvirtMigrations target,
        List<TypedParameter> settings,
        byte[] cookie,
        MigrationFlags flags,
        MigrationFlags atTarget,
        CancellationToken cancellationToken)
    {
        try
        {
            // Cancelling ends the job, and perform then fails by itself: only so both sides know where the domain is.
            var performing = PerformAsync(domain, null, settings, cookie, flags, CancellationToken.None);
            using (cancellationToken.UnsafeRegister(static state => _ = ((Func<Task>)state!)(), (Func<Task>)(() => AbortQuietlyAsync(domain))))
                return await performing.ConfigureAwait(false);
        }
        catch (Exception)
        {
            await FinishQuietlyAsync(target, settings, atTarget).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private async Task<DomainRef> FinishAndConfirmAsync(
        DomainRef domain, LibvirtMigrations target, List<TypedParameter> settings, byte[] cookie, MigrationFlags flags, MigrationFlags atTarget)
    {
        DomainRef arrived;
        try
        {
            (arrived, cookie) = await target.FinishAsync(settings, cookie, atTarget, cancelled: false).ConfigureAwait(false);
        }
        catch (LibvirtServerException)
        {
            // The server at the destination says that the domain does not run there: it goes on at the source.
            await ConfirmQuietlyAsync(domain, settings, [], flags, cancelled: true).ConfigureAwait(false);
            throw;
        }

        await ConfirmAsync(domain, settings, cookie, flags, cancelled: false).ConfigureAwait(false);
        return arrived;
    }

    private Task<DomainStatus> GetStateAsync(DomainRef domain, CancellationToken cancellationToken) =>
        _rpc.QueryAsync(RemoteProcedure.DomainGetState, new XdrWriter().Domain(domain).UInt32(0), DomainCodec.ReadStatus, cancellationToken);

    private Task<(byte[] Cookie, string Xml)> BeginAsync(DomainRef domain, List<TypedParameter> settings, MigrationFlags flags, CancellationToken cancellationToken) =>
        _rpc.CommandAsync(
            RemoteProcedure.DomainMigrateBegin3Params,
            new XdrWriter().Domain(domain).Migration(settings).UInt32((uint)flags),
            MigrationCodec.ReadBegin,
            cancellationToken);

    private Task<(byte[] Cookie, string? Uri)> PrepareAsync(List<TypedParameter> settings, byte[] cookie, MigrationFlags flags, CancellationToken cancellationToken) =>
        _rpc.CommandAsync(
            RemoteProcedure.DomainMigratePrepare3Params,
            new XdrWriter().Migration(settings).Cookie(cookie).UInt32((uint)flags),
            MigrationCodec.ReadPrepare,
            cancellationToken);

    private Task<(DomainRef Domain, byte[] Cookie)> FinishAsync(List<TypedParameter> settings, byte[] cookie, MigrationFlags flags, bool cancelled) =>
        _rpc.CommandAsync(
            RemoteProcedure.DomainMigrateFinish3Params,
            new XdrWriter().Migration(settings).Cookie(cookie).UInt32((uint)flags).Truth(cancelled),
            MigrationCodec.ReadFinish,
            CancellationToken.None);

    private Task ConfirmAsync(DomainRef domain, List<TypedParameter> settings, byte[] cookie, MigrationFlags flags, bool cancelled) =>
        _rpc.CommandAsync(
            RemoteProcedure.DomainMigrateConfirm3Params,
            new XdrWriter().Domain(domain).Migration(settings).Cookie(cookie).UInt32((uint)flags).Truth(cancelled),
            CancellationToken.None);

    private async Task AbortQuietlyAsync(DomainRef domain)
    {
        try
        {
            await AbortJobAsync(domain, CancellationToken.None).ConfigureAwait(false);
        }
        catch (LibvirtException)
        {
            // The job has ended by itself.
        }
    }

    private async Task ConfirmQuietlyAsync(DomainRef domain, List<TypedParameter> settings, byte[] cookie, MigrationFlags flags, bool cancelled)
    {
        try
        {
            await ConfirmAsync(domain, settings, cookie, flags, cancelled).ConfigureAwait(false);
        }
        catch (LibvirtException)
        {
            // What went wrong first is what is told.
        }
    }

    private static async Task FinishQuietlyAsync(LibvirtMigrations target, List<TypedParameter> settings, MigrationFlags flags)
    {
        try
        {
            await target.FinishAsync(settings, [], flags, cancelled: true).ConfigureAwait(false);
        }
        catch (LibvirtException)
        {
            // A cancelled finish always fails: there is no domain to return.
        }
    }

    private static void Replace(List<TypedParameter> settings, string name, string value)
    {
        settings.RemoveAll(p => p.Name == name);
        settings.Add(TypedParameter.String(name, value));
    }
}

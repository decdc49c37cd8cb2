using System.Globalization;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Removes VMs: brings the guest down, removes the domain, then the volumes. Each step can be repeated, so that it can be cut off anywhere.</summary>
internal sealed class VmRemover(HostConnection host)
{
    // Most of the time goes into waiting for guests, which costs the host nothing.
    private const int Parallelism = 64;

    public async IAsyncEnumerable<VmOutcome> DeleteAsync(IReadOnlyList<VmId> vms, DeleteOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (vms.Count == 0) yield break;
        var watch = await host.CallAsync(connection => ShutdownWatch.StartAsync(connection, cancellationToken), cancellationToken).ConfigureAwait(false);
        await using (watch.ConfigureAwait(false))
        {
            var leftovers = await host.CallAsync(connection => Leftovers.ReadAsync(connection, cancellationToken), cancellationToken).ConfigureAwait(false);
            await foreach (var outcome in Batch.RunAsync(vms, Parallelism, (vm, ct) => SettleAsync(vm, options, watch, leftovers, ct), cancellationToken).ConfigureAwait(false))
                yield return outcome;
        }
    }

    private async Task<VmOutcome> SettleAsync(VmId vm, DeleteOptions options, ShutdownWatch watch, Leftovers leftovers, CancellationToken cancellationToken)
    {
        var outcome = new VmOutcome { Id = vm };
        try
        {
            await host.WithinPatienceAsync(
                (connection, ct) => DeleteOneAsync(connection, vm, options, watch, leftovers, ct), options.ShutdownTimeout, cancellationToken).ConfigureAwait(false);
            return outcome;
        }
        catch (StratusException e)
        {
            return outcome with { Error = e };
        }
    }

    private async Task DeleteOneAsync(
        LibvirtConnection connection, VmId vm, DeleteOptions options, ShutdownWatch watch, Leftovers leftovers, CancellationToken cancellationToken)
    {
        var domain = DomainLookup.Reference(host.Definition, vm.Key);
        if (await DomainLookup.FindAsync(connection, domain, cancellationToken).ConfigureAwait(false) is not { } view)
        {
            await leftovers.RemoveAsync(connection, domain.Uuid, except: null, cancellationToken).ConfigureAwait(false);

            // Somebody may have been making it just then; it has lost its disks.
            if (await DomainLookup.FindAsync(connection, domain, cancellationToken).ConfigureAwait(false) is not { } late) return;
            view = late;
        }

        if (view.Metadata is null) throw HostErrors.VmNotManaged(host.Definition, view.Name);
        domain = domain with { Name = view.Name };
        await StopAsync(connection, domain, options, watch, cancellationToken).ConfigureAwait(false);
        await DomainRemoval.UndefineAsync(connection, domain, cancellationToken).ConfigureAwait(false);
        var removed = view is { Metadata.Pool: { } pool, Volumes: { } volumes } && await RemoveVolumesAsync(connection, pool, volumes, cancellationToken).ConfigureAwait(false);
        await leftovers.RemoveAsync(connection, domain.Uuid, except: removed ? view.Metadata.Attempt : null, cancellationToken).ConfigureAwait(false);
    }

    private async Task StopAsync(LibvirtConnection connection, DomainRef domain, DeleteOptions options, ShutdownWatch watch, CancellationToken cancellationToken)
    {
        var state = await DomainLookup.StateAsync(connection, domain, cancellationToken).ConfigureAwait(false);
        if (state is null or DomainState.ShutOff or DomainState.Crashed) return;
        var ask = state != DomainState.Paused && !(options.Force && options.ShutdownTimeout <= TimeSpan.Zero);
        if (ask && await watch.ShutdownAsync(domain, options.ShutdownTimeout, cancellationToken).ConfigureAwait(false)) return;
        if (!options.Force) throw StillRuns(domain, state.Value, options);
        await VmPower.CutAsync(connection, domain, cancellationToken).ConfigureAwait(false);
    }

    private StratusException StillRuns(DomainRef domain, DomainState state, DeleteOptions options)
    {
        var resource = $"{host.Definition.Name}/{domain.Name}";
        return state == DomainState.Paused
            ? new StratusException("VmSuspended", StratusErrorKind.InvalidState, $"VM '{domain.Name}' is suspended and cannot shut down; it was kept. Resume it first, or use -Force.") { Resource = resource }
            : new StratusException(
                "VmShutdownTimeout",
                StratusErrorKind.Timeout,
                string.Create(CultureInfo.InvariantCulture, $"VM '{domain.Name}' did not shut down within {options.ShutdownTimeout.TotalSeconds:0.#} s; it was kept and runs. Use -Force to cut its power.")) { Resource = resource };
    }

    private static async Task<bool> RemoveVolumesAsync(LibvirtConnection connection, string poolName, VolumeNames volumes, CancellationToken cancellationToken)
    {
        try
        {
            var pool = await connection.Pools.LookupByNameAsync(poolName, cancellationToken).ConfigureAwait(false);
            await VolumeRemoval.RemoveAsync(connection, pool, volumes, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoStoragePool)
        {
            // The pool is gone; what was in it may be in another one now, and is among the leftovers.
            return false;
        }
    }
}

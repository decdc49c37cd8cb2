using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Settles creations that were interrupted: a domain that is there is brought to run, of any other the remainders are removed.</summary>
internal sealed class VmRecovery(HostConnection host)
{
    private const int Parallelism = 4;

    public async IAsyncEnumerable<VmOutcome> RecoverAsync(IReadOnlyList<VmRequest> interrupted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (interrupted.Count == 0) yield break;
        var leftovers = await host.CallAsync(connection => Leftovers.ReadAsync(connection, cancellationToken), cancellationToken).ConfigureAwait(false);
        await foreach (var outcome in Batch.RunAsync(interrupted, Parallelism, (request, ct) => SettleAsync(request, leftovers, ct), cancellationToken).ConfigureAwait(false)) yield return outcome;
    }

    private async Task<VmOutcome> SettleAsync(VmRequest request, Leftovers leftovers, CancellationToken cancellationToken)
    {
        var names = VmNames.Of(request.RequestId);
        var outcome = new VmOutcome { Id = new VmId(host.Definition.Name, names.Key), RequestId = request.RequestId };
        try
        {
            var vm = await host.WithinPatienceAsync((connection, ct) => RecoverOneAsync(connection, request, names, leftovers, ct), TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            return outcome with { Vm = vm };
        }
        catch (StratusException e)
        {
            return outcome with { Error = e };
        }
    }

    private async Task<VirtualMachine?> RecoverOneAsync(LibvirtConnection connection, VmRequest request, VmNames names, Leftovers leftovers, CancellationToken cancellationToken)
    {
        if (request.CopyDiskOf is { } source)
            await DiskMirror.ClearAsync(connection, DomainLookup.Reference(host.Definition, source.Key), names.Uuid, cancellationToken).ConfigureAwait(false);
        var domain = DomainLookup.Reference(host.Definition, names.Key);
        if (await DomainLookup.FindAsync(connection, domain, cancellationToken).ConfigureAwait(false) is { } view)
        {
            try
            {
                var vm = await VmStart.EnsureAsync(host, connection, domain with { Name = view.Name }, cancellationToken).ConfigureAwait(false);
                if (view.Volumes is { } volumes) await leftovers.RemoveAsync(connection, names.Uuid, except: volumes.Attempt, cancellationToken).ConfigureAwait(false);
                return vm;
            }
            catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoDomain)
            {
                // A creation whose caller is gone, and which the host could not carry through.
            }
        }

        await leftovers.RemoveAsync(connection, names.Uuid, except: null, cancellationToken).ConfigureAwait(false);

        // A domain that the host was still busy with when its caller went away has lost its disks by now.
        if (await DomainLookup.FindAsync(connection, domain, cancellationToken).ConfigureAwait(false) is not null)
            await DomainRemoval.RemoveAsync(connection, domain, cancellationToken).ConfigureAwait(false);
        return null;
    }
}

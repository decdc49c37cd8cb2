using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Lists VMs over all hosts at once.</summary>
internal sealed class VmLister(HostRegistry hosts)
{
    public async IAsyncEnumerable<VirtualMachine> ListAsync(
        VmFilter filter, Action<StratusException>? hostError, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = new List<HostDefinition>();
        await foreach (var host in hosts.ListAsync(cancellationToken).ConfigureAwait(false)) all.Add(host);
        foreach (var name in filter.HostNames.Where(n => !Wildcard.IsPattern(n)))
            if (!all.Exists(h => string.Equals(h.Name, name, StringComparison.OrdinalIgnoreCase))) throw HostRegistry.NotFound(name);

        var keys = filter.Ids.ToLookup(id => id.Host, id => id.Key, StringComparer.OrdinalIgnoreCase);
        var workers = all
            .Where(h => Wildcard.MatchesAny(filter.HostNames, h.Name) && (filter.Ids.Count == 0 || keys.Contains(h.Name)))
            .Select(h => (FanOut.Worker<(VirtualMachine? Vm, StratusException? Error)>)(async (results, ct) =>
            {
                await foreach (var item in HostStream.Guard(() => ListHostAsync(h, filter, [.. keys[h.Name]], ct), h.Name, ct).ConfigureAwait(false))
                    await results.WriteAsync(item, ct).ConfigureAwait(false);
            }))
            .ToList();

        StratusException? first = null;
        await foreach (var (vm, error) in FanOut.RunAsync(workers, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (vm is not null) yield return vm;
            else if (hostError is not null) hostError(error!);
            else first ??= error;
        }

        if (first is not null) throw first;
    }

    private async IAsyncEnumerable<VirtualMachine> ListHostAsync(
        HostDefinition host, VmFilter filter, IReadOnlyCollection<string> keys, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var provider = hosts.ProviderOf(host);
        var query = new VmQuery { IncludeUnmanaged = filter.IncludeUnmanaged, Keys = keys };
        var selective = filter.Names.Count > 0 || filter.Labels.Count > 0 || filter.Fleet is not null;
        if (selective && filter.WithAddresses)
        {
            // Addresses may cost a call per VM, so they are asked for only where the rest fits.
            var fitting = new List<string>();
            await foreach (var vm in provider.ListAsync(query with { WithAddresses = false }, cancellationToken).ConfigureAwait(false))
                if (Matches(filter, vm)) fitting.Add(vm.Id.Key);
            if (fitting.Count == 0) yield break;
            query = query with { Keys = fitting };
        }

        await foreach (var vm in provider.ListAsync(query with { WithAddresses = filter.WithAddresses }, cancellationToken).ConfigureAwait(false))
            if (Matches(filter, vm)) yield return vm;
    }

    private static bool Matches(VmFilter filter, VirtualMachine vm) =>
        Wildcard.MatchesAny(filter.Names, vm.Name)
        && (filter.Fleet is null || Wildcard.Matches(filter.Fleet, vm.Fleet))
        && filter.Labels.All(l => vm.Labels.TryGetValue(l.Key, out var value) && Wildcard.Matches(l.Value, value));
}

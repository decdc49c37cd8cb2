using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Lists VMs with few round trips: all questions about many domains are under way at once.</summary>
internal sealed class VmInventory(HostConnection host)
{
    private const int Window = 256;

    // Beyond this, one list of everything is cheaper than looking up each.
    private const int MaxLookups = 256;

    public async IAsyncEnumerable<VirtualMachine> ListAsync(VmQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var uuids = Identities(query);
        var connection = await host.GetAsync(cancellationToken).ConfigureAwait(false);
        var candidates = await host.CallAsync(c => CandidatesAsync(c, query, uuids, cancellationToken), cancellationToken).ConfigureAwait(false);
        var filter = new VmFilter(query, uuids);
        var book = query.WithAddresses ? new AddressBook(connection, cancellationToken) : null;
        var underWay = new Queue<Task<VirtualMachine?>>(Math.Min(candidates.Count, Window));
        try
        {
            foreach (var (domain, state) in candidates)
            {
                if (underWay.Count == Window && await host.CallAsync(_ => underWay.Dequeue(), cancellationToken).ConfigureAwait(false) is { } vm) yield return vm;
                underWay.Enqueue(ReadAsync(connection, domain, state, filter, book, cancellationToken));
            }

            while (underWay.Count > 0)
            {
                if (await host.CallAsync(_ => underWay.Dequeue(), cancellationToken).ConfigureAwait(false) is { } vm) yield return vm;
            }
        }
        finally
        {
            await ((Task)Task.WhenAll(underWay)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One VM of ours or of others; null if there is none.</summary>
    public Task<VirtualMachine?> FindAsync(string key, CancellationToken cancellationToken) =>
        host.CallAsync(
            connection => ReadAsync(
                connection, DomainLookup.Reference(host.Definition, key), known: null, new VmFilter(new VmQuery { IncludeUnmanaged = true }, null), new AddressBook(connection, cancellationToken), cancellationToken),
            cancellationToken);

    private static HashSet<Guid>? Identities(VmQuery query)
    {
        HashSet<Guid>? uuids = null;
        if (query.RequestIds.Count > 0) uuids = [.. query.RequestIds.Select(id => VmNames.Of(id).Uuid)];
        if (query.Keys.Count == 0) return uuids;
        var keys = query.Keys.Select(k => Guid.TryParseExact(k, "D", out var id) ? id : (Guid?)null).OfType<Guid>().ToHashSet();
        if (uuids is not null) keys.IntersectWith(uuids);
        return keys;
    }

    private static async Task<IReadOnlyList<(DomainRef Domain, DomainState? State)>> CandidatesAsync(
        LibvirtConnection connection, VmQuery query, HashSet<Guid>? uuids, CancellationToken cancellationToken)
    {
        if (uuids is { Count: <= MaxLookups }) return [.. uuids.Select(id => (new DomainRef(id.ToString("D"), id), (DomainState?)null))];
        if (uuids is null && query.Names.Count is > 0 and <= MaxLookups)
        {
            var found = await Task.WhenAll(query.Names.Distinct(StringComparer.Ordinal).Select(name => LookupAsync(connection, name, cancellationToken))).ConfigureAwait(false);
            return [.. found.OfType<DomainRef>().Select(domain => (domain, (DomainState?)null))];
        }

        // Also brings all states in the one call. A domain that is busy must not hold it up.
        var all = await connection.Domains.GetStatisticsAsync(DomainStatisticsGroups.State, DomainStatisticsFlags.NoWait, cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. all.Select(s => (s.Domain, s.State))];
    }

    private static async Task<DomainRef?> LookupAsync(LibvirtConnection connection, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.Domains.LookupByNameAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoDomain)
        {
            return null;
        }
    }

    private async Task<VirtualMachine?> ReadAsync(
        LibvirtConnection connection, DomainRef domain, DomainState? known, VmFilter filter, AddressBook? book, CancellationToken cancellationToken)
    {
        try
        {
            var xml = connection.Domains.GetXmlAsync(domain, cancellationToken: cancellationToken);
            var status = known is null ? connection.Domains.GetStateAsync(domain, cancellationToken) : null;
            var view = DomainXmlReader.Read(await xml.ConfigureAwait(false));
            var state = VmView.StateOf(known ?? (await status!.ConfigureAwait(false)).State);
            if (!filter.Takes(view)) return null;
            var addresses = book is not null && state == VmState.Running ? await book.FindAsync(view).ConfigureAwait(false) : [];
            return VmView.Of(host.Definition.Name, view, state, addresses);
        }
        catch (LibvirtServerException e) when (e.Code == LibvirtErrorCode.NoDomain)
        {
            // Removed since it was listed.
            return null;
        }
    }
}

using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Removes VMs from one host; of those that failed it finds out whether anything may be left that nobody would find.</summary>
internal sealed class HostDeletion(IComputeProvider provider, string host)
{
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(30);

    /// <summary>One result per entry.</summary>
    public async IAsyncEnumerable<HostResult> RunAsync(
        IReadOnlyList<(JournalEntry Entry, DeleteRequest Request)> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var group in items.GroupBy(i => i.Request.Options))
            await foreach (var result in RunAsync([.. group], group.Key, cancellationToken).ConfigureAwait(false)) yield return result;
    }

    private async IAsyncEnumerable<HostResult> RunAsync(
        IReadOnlyList<(JournalEntry Entry, DeleteRequest Request)> items, DeleteOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A removal whose end nobody knows may have been asked for again.
        var open = items.GroupBy(i => i.Request.Key, i => i.Entry, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.ToList(), StringComparer.Ordinal);
        var failed = new Dictionary<string, StratusException>(StringComparer.Ordinal);
        var stream = HostStream.Guard(() => provider.DeleteAsync([.. open.Keys.Select(key => new VmId(host, key))], options, cancellationToken), host, cancellationToken);
        var failure = HostErrors.NoOutcome(host);
        await foreach (var (outcome, error) in stream.ConfigureAwait(false))
        {
            failure = error ?? failure;
            if (outcome?.Id is not { } id || !open.TryGetValue(id.Key, out var entries)) continue;
            if (outcome.Error is { } reason)
            {
                failed[id.Key] = reason;
                continue;
            }

            open.Remove(id.Key);
            foreach (var entry in entries) yield return new HostResult(entry, outcome, JournalState.Done);
        }

        if (open.Count == 0) yield break;
        var there = await FindAsync(open.Keys, cancellationToken).ConfigureAwait(false);
        foreach (var (key, entry) in open.SelectMany(same => same.Value, (same, entry) => (same.Key, entry)))
        {
            // A VM that is still listed can be seen and removed again; of one that is not, something may be left that only the journal knows.
            var vm = there?.GetValueOrDefault(key);
            yield return new HostResult(
                entry,
                new VmOutcome { Id = new VmId(host, key), Vm = vm, Error = failed.GetValueOrDefault(key, failure) },
                vm is null ? JournalState.Open : JournalState.Failed);
        }
    }

    private async Task<Dictionary<string, VirtualMachine>?> FindAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LookPatience);
        try
        {
            var found = new Dictionary<string, VirtualMachine>(StringComparer.Ordinal);
            var query = new VmQuery { Keys = [.. keys], IncludeUnmanaged = true, WithAddresses = false };
            await foreach (var vm in provider.ListAsync(query, patience.Token).ConfigureAwait(false)) found[vm.Id.Key] = vm;
            return found;
        }
        catch (Exception e) when (e is StratusException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Settles what processes left behind that ended in the middle of their work.</summary>
internal sealed class SiteRecovery(SiteJournal journal, HostRegistry hosts, ImageLibrary images)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, bool> _unreachable = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Before hosts are changed. A host that does not answer is tried again only when it is needed, or in a repair.</summary>
    public async Task SettleAsync(IReadOnlyCollection<string> needed, CancellationToken cancellationToken)
    {
        var (interrupted, _, _) = await journal.CountAsync(cancellationToken).ConfigureAwait(false);
        var due = interrupted.Where(h => !_unreachable.ContainsKey(h) || needed.Contains(h, StringComparer.OrdinalIgnoreCase)).ToList();
        await foreach (var outcome in RunAsync(due, cancellationToken).ConfigureAwait(false))
            if (outcome.Result == RepairResult.Left) _unreachable[outcome.Entry.Host] = true;
    }

    /// <summary>One outcome per entry that nobody alive answers for.</summary>
    public async IAsyncEnumerable<RepairOutcome> RepairAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (interrupted, _, _) = await journal.CountAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var outcome in RunAsync(interrupted, cancellationToken).ConfigureAwait(false)) yield return outcome;
    }

    private IAsyncEnumerable<RepairOutcome> RunAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) => FanOut.RunAsync(
        [.. names.Select(name => (FanOut.Worker<RepairOutcome>)(async (results, ct) =>
        {
            await foreach (var outcome in RepairHostAsync(name, ct).ConfigureAwait(false)) await results.WriteAsync(outcome, ct).ConfigureAwait(false);
        }))],
        cancellationToken: cancellationToken);

    private async IAsyncEnumerable<RepairOutcome> RepairHostAsync(string host, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var claimed = await journal.ClaimAsync(host, cancellationToken).ConfigureAwait(false);
        var open = claimed.ToDictionary(e => e.Id);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, journal.Lapsed);
            patience.CancelAfter(Patience);
            var results = HostStream.Guard(() => AskHostAsync(host, claimed, patience.Token), host, cancellationToken);
            await foreach (var (result, error) in results.ConfigureAwait(false))
            {
                if (result is { State: not JournalState.Open })
                {
                    await journal.SettleAsync([result.ToSettlement()]).ConfigureAwait(false);
                    open.Remove(result.Entry.Id);
                    yield return Tell(result);
                }
                else if (result is not null)
                {
                    open.Remove(result.Entry.Id);
                    await journal.ReleaseAsync([result.Entry.Id], result.Outcome.Error!.Message).ConfigureAwait(false);
                    yield return new RepairOutcome { Entry = result.Entry, Result = RepairResult.Left, Error = result.Outcome.Error };
                }
                else
                {
                    foreach (var entry in open.Values) yield return new RepairOutcome { Entry = entry, Result = RepairResult.Left, Error = error };
                }
            }
        }
        finally
        {
            await journal.ReleaseAsync(open.Keys, "Not settled: the host did not answer, or the repair was cut short.").ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<HostResult> AskHostAsync(string host, IReadOnlyList<JournalEntry> entries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var provider = await hosts.ConnectAsync(host, cancellationToken).ConfigureAwait(false);
        var creations = entries.Where(e => e.Kind == JournalKind.CreateVm).Select(e => (e, SiteJournal.RequestOf(e))).ToList();
        if (creations.Count > 0)
            await foreach (var result in new HostCreation(provider, host, images).RecoverAsync(creations, cancellationToken).ConfigureAwait(false)) yield return result;
        foreach (var making in entries.Where(e => e.Kind == JournalKind.MakeImage))
            yield return await ReapAsync(provider, host, making, cancellationToken).ConfigureAwait(false);
        var deletions = entries.Where(e => e.Kind == JournalKind.DeleteVm).Select(e => (e, SiteJournal.DeletionOf(e))).ToList();
        if (deletions.Count > 0)
            await foreach (var result in new HostDeletion(provider, host).RunAsync(deletions, cancellationToken).ConfigureAwait(false)) yield return result;
    }

    /// <summary>Removes a VM that was only there for an image to be made.</summary>
    private static async Task<HostResult> ReapAsync(IComputeProvider provider, string host, JournalEntry making, CancellationToken cancellationToken)
    {
        var vm = await TemporaryVms.IdentityOfAsync(provider, SiteJournal.RequestOf(making), cancellationToken).ConfigureAwait(false);
        if (vm is null) return new HostResult(making, new VmOutcome { Id = null, RequestId = making.RequestId }, JournalState.Failed);
        var deletion = new DeleteRequest(host, vm.Value.Key, new DeleteOptions { Force = true, ShutdownTimeout = TimeSpan.Zero });
        var result = await new HostDeletion(provider, host).RunAsync([(making, deletion)], cancellationToken).SingleAsync(cancellationToken).ConfigureAwait(false);
        return result with { State = result.State == JournalState.Done ? JournalState.Failed : JournalState.Open };
    }

    private static RepairOutcome Tell(HostResult result) => new()
    {
        Entry = result.Entry with { State = result.State },
        Result = (result.Entry.Kind, result.State) switch
        {
            (JournalKind.DeleteVm, JournalState.Done) => RepairResult.Removed,
            (JournalKind.DeleteVm, _) => RepairResult.Kept,
            (_, JournalState.Done) => RepairResult.Completed,
            _ => RepairResult.Reaped,
        },
        Vm = result.Outcome.Vm,
        Error = result.Outcome.Error,
    };
}

using StratusLab.Core;

namespace StratusLab.Rig;

/// <summary>A call journal for tests of a provider that stands alone: it outlives the provider, as a site's does.</summary>
public sealed class MemoryCallJournal(TimeProvider? clock = null) : ICallJournal
{
    private readonly List<JournalledCall> _calls = [];
    private readonly Lock _gate = new();

    /// <summary>All calls, oldest first.</summary>
    public IReadOnlyList<JournalledCall> Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    public Task<JournalledCall> BeginAsync(CallIntent intent, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var call = new JournalledCall(_calls.Count + 1, intent, (clock ?? TimeProvider.System).GetUtcNow(), CallState.Open, null);
            _calls.Add(call);
            return Task.FromResult(call);
        }
    }

    public Task SettleAsync(long id, CallState state, string outcome, CancellationToken cancellationToken = default)
    {
        lock (_gate) _calls[(int)id - 1] = _calls[(int)id - 1] with { State = state, Outcome = outcome };
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<JournalledCall>> FindAsync(IReadOnlyCollection<Guid> requests, CancellationToken cancellationToken = default)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<JournalledCall>>([.. _calls.Where(call => call.Intent.Requests.Any(requests.Contains))]);
    }
}

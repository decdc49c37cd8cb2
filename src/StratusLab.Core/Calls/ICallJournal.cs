namespace StratusLab.Core;

/// <summary>
/// Where a provider writes what it is about to ask of a far end that can be asked for money or twice, before it asks. The site keeps it, per host;
/// it outlives the process, and other processes of the site see it.
/// </summary>
public interface ICallJournal
{
    /// <summary>Writes that a call is about to be made. It is on disk when the task is done.</summary>
    Task<JournalledCall> BeginAsync(CallIntent intent, CancellationToken cancellationToken = default);

    /// <summary>Writes what became of a call. What is known shall not be lost: no caller gives the token of work that may be cut short.</summary>
    Task SettleAsync(long id, CallState state, string outcome, CancellationToken cancellationToken = default);

    /// <summary>All calls that were made for any of these requests, by whichever process, oldest first.</summary>
    Task<IReadOnlyList<JournalledCall>> FindAsync(IReadOnlyCollection<Guid> requests, CancellationToken cancellationToken = default);
}

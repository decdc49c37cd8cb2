using System.Data.Common;

namespace StratusLab.Sdk;

/// <summary>A session among the processes of one machine. The operating system keeps its lock for as long as the process lives.</summary>
internal sealed class LocalSession(SessionLock held) : ISiteSession
{
    public string Id => held.Id;

    public bool IsLost => false;

    public CancellationToken Lapsed => CancellationToken.None;

    public bool IsAlive(DbConnection connection, string id) => held.IsAlive(id);

    public int CountAlive(DbConnection connection) => held.CountAlive();

    public void End(DbConnection connection, string id)
    {
        // Whoever's lock is gone is gone.
    }

    // The lock itself belongs to the site, which needs it for its scratch files too.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using System.Data.Common;

namespace StratusLab.Sdk;

/// <summary>Shows to all processes of a site that this one lives, and tells which of the others do.</summary>
internal interface ISiteSession : IAsyncDisposable
{
    string Id { get; }

    /// <summary>Whether another process took this one's work over: it writes nothing more.</summary>
    bool IsLost { get; }

    /// <summary>Cancelled when the others may take this process for dead, not having heard of it: what it has under way must end before they go on with it.</summary>
    CancellationToken Lapsed { get; }

    /// <summary>Whether the process that has this session lives.</summary>
    bool IsAlive(DbConnection connection, string id);

    int CountAlive(DbConnection connection);

    /// <summary>Says, within a write, that a session's work is taken over: should its process live after all, it writes nothing more.</summary>
    void End(DbConnection connection, string id);
}

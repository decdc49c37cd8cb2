namespace StratusLab.Sdk;

/// <summary>One intent, written before its effect.</summary>
public sealed record JournalEntry
{
    /// <summary>Its number, ascending in the order of writing.</summary>
    public required long Id { get; init; }

    /// <summary>The session that answers for it: one per process and opened site. Null for an open entry that anybody may settle.</summary>
    public string? Session { get; init; }

    /// <summary>What was intended.</summary>
    public required JournalKind Kind { get; init; }

    /// <summary>The registered name of the host.</summary>
    public required string Host { get; init; }

    /// <summary>The VM: its name for a creation, its identity on the host for a removal.</summary>
    public required string Target { get; init; }

    /// <summary>The idempotency token of a creation.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>The exact request as JSON. User data and network configuration are replaced by their SHA-256.</summary>
    public required string Request { get; init; }

    /// <summary>The most virtual CPUs that a creation can come to, where that is more than the request asks for.</summary>
    internal int? Cpu { get; init; }

    /// <summary>When it was written, in UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What is known of it.</summary>
    public required JournalState State { get; init; }

    /// <summary>When its outcome was written, in UTC; null while open.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>What came of it, or what hinders it while it is open.</summary>
    public string? Outcome { get; init; }
}

namespace StratusLab.Core;

/// <summary>What to change of a VM; null leaves a thing as it is.</summary>
public sealed record VmChange
{
    /// <summary>The labels that it shall have, all of them.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The new expiry in UTC; <see cref="DateTimeOffset.MaxValue"/> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

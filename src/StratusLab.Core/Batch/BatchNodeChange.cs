namespace StratusLab.Core;

/// <summary>What to tell a batch system of a node; null leaves a thing as it is.</summary>
public sealed record BatchNodeChange
{
    /// <summary>The address at which it is reached.</summary>
    public string? Address { get; init; }

    /// <summary>The instance behind it.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The type of that instance.</summary>
    public string? InstanceType { get; init; }

    /// <summary>Whether it shall take jobs.</summary>
    public BatchNodeAction? Action { get; init; }

    /// <summary>Why, for people; needed with <see cref="BatchNodeAction.Drain"/> and <see cref="BatchNodeAction.Down"/>.</summary>
    public string? Reason { get; init; }
}

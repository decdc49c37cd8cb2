namespace StratusLab.Sdk;

/// <summary>Whether an image may be launched here and now, and why.</summary>
public sealed record ImageDecision
{
    /// <summary>The image, as <c>name:version</c>.</summary>
    public required string Image { get; init; }

    /// <summary>Digest of its manifest.</summary>
    public required string Digest { get; init; }

    /// <summary>Whether it may be launched: no reason refuses.</summary>
    public bool IsAllowed => Reasons.All(r => r.Effect != ImageReasonEffect.Refuses);

    /// <summary>Everything that speaks for or against it.</summary>
    public required IReadOnlyList<ImageReason> Reasons { get; init; }

    /// <summary>The endorsements and deprecations that were examined.</summary>
    public required IReadOnlyList<StatementVerdict> Statements { get; init; }

    /// <summary>When it was decided, in UTC.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>Whether it may be launched, and if not why.</summary>
    public override string ToString() =>
        IsAllowed ? $"{Image} may be launched." : $"{Image} may not be launched: {string.Join(' ', Reasons.Where(r => r.Effect == ImageReasonEffect.Refuses))}";
}

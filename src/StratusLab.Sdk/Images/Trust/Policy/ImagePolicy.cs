namespace StratusLab.Sdk;

/// <summary>
/// Which images the site launches. Every list restricts: an image must be on each allow list that is not empty and on no deny list,
/// and a deny always goes before an allow.
/// </summary>
public sealed record ImagePolicy
{
    /// <summary>Whether an image needs the endorsement of a pinned endorser.</summary>
    public bool RequireEndorsement { get; init; } = true;

    /// <summary>If not empty, only these images: digests of manifests or disks.</summary>
    public IReadOnlyList<string> AllowDigests { get; init; } = [];

    /// <summary>Never these images: digests of manifests or disks.</summary>
    public IReadOnlyList<string> DenyDigests { get; init; } = [];

    /// <summary>
    /// If not empty, of the pinned endorsers only these count: names of endorsers, SHA-256 thumbprints of certificates, or patterns of
    /// subjects such as <c>CN=*,OU=Physics,O=Lab,C=CH</c>.
    /// </summary>
    public IReadOnlyList<string> AllowEndorsers { get; init; } = [];

    /// <summary>What these sign never counts, whoever certified them; written as in <see cref="AllowEndorsers"/>. A thumbprint may be that of an issuer.</summary>
    public IReadOnlyList<string> DenyEndorsers { get; init; } = [];

    /// <summary>If not empty, an image must have one of these labels: <c>key</c>, or <c>key=value</c> where the value may have wildcards.</summary>
    public IReadOnlyList<string> AllowLabels { get; init; } = [];

    /// <summary>No image with one of these labels; written as in <see cref="AllowLabels"/>.</summary>
    public IReadOnlyList<string> DenyLabels { get; init; } = [];

    /// <summary>How long an image is known to the site before it may be launched; zero for no wait.</summary>
    public TimeSpan Quarantine { get; init; }

    /// <summary>Whether deprecated images may be launched all the same.</summary>
    public bool AllowDeprecated { get; init; }

    /// <summary>Whether images past their <see cref="StratusImage.ValidUntil"/> may be launched all the same.</summary>
    public bool AllowExpired { get; init; }

    /// <summary>When the policy was set, in UTC; null while none is, and this is what holds instead.</summary>
    public DateTimeOffset? SetAt { get; init; }
}

namespace StratusLab.Sdk;

/// <summary>Which images to find. Texts may have wildcards <c>*</c> and <c>?</c>; what is left out matches everything.</summary>
public sealed record ImageQuery
{
    /// <summary>Names, or <c>marketplace/name</c>, each also with <c>:version</c>.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Names of marketplaces; the local store is then left out.</summary>
    public IReadOnlyList<string> Marketplaces { get; init; } = [];

    /// <summary>A version or tag.</summary>
    public string? Version { get; init; }

    /// <summary>The operating system.</summary>
    public string? Os { get; init; }

    /// <summary>CPU architecture in the kernel's words.</summary>
    public string? Architecture { get; init; }

    /// <summary>Subject of the certificate of somebody who vouches for it, or a part of it.</summary>
    public string? Endorser { get; init; }

    /// <summary>Labels that it must have; the value <c>*</c> asks only for the label to be there.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Also those whose time is over.</summary>
    public bool IncludeExpired { get; init; }

    /// <summary>Also those that should no longer be used.</summary>
    public bool IncludeDeprecated { get; init; }

    internal bool MatchesName(string? marketplace, string name, params IEnumerable<string> versions) => Names.Count == 0 || Names.Any(pattern =>
    {
        var slash = pattern.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && !Wildcard.Matches(pattern[..slash], marketplace)) return false;
        var parts = pattern[(slash + 1)..].Split(':', 2);
        return Wildcard.Matches(parts[0], name) && (parts.Length == 1 || !versions.Any() || versions.Any(v => Wildcard.Matches(parts[1], v)));
    });

    internal bool MatchesMarketplace(string? marketplace) => Marketplaces.Count == 0
        ? Names.Count == 0 || Names.Any(n => n.IndexOf('/', StringComparison.Ordinal) is var at && (at < 0 || Wildcard.Matches(n[..at], marketplace)))
        : Marketplaces.Any(m => Wildcard.Matches(m, marketplace));

    /// <summary>The names that are asked for without wildcards, for marketplaces that cannot list theirs.</summary>
    internal IEnumerable<string> LiteralNames => Names.Select(n => n[(n.IndexOf('/', StringComparison.Ordinal) + 1)..].Split(':', 2)[0]).Where(ImageReference.IsName);

    internal bool Matches(FoundImage image) =>
        MatchesName(image.Marketplace, image.Name, [image.Version, .. image.Tags])
        && (Version is null || image.Tags.Append(image.Version).Any(v => Wildcard.Matches(Version, v)))
        && (Os is null || Wildcard.Matches(Os, image.Os))
        && (Architecture is null || Wildcard.Matches(Architecture, image.Architecture))
        && Labels.All(l => image.Labels.TryGetValue(l.Key, out var value) && Wildcard.Matches(l.Value, value))
        && (IncludeExpired || !image.IsExpired);

    internal bool MatchesStatements(FoundImage image) =>
        (IncludeDeprecated || !image.IsDeprecated) && (Endorser is null || image.Endorsers.Any(e => Wildcard.Matches($"*{Endorser}*", e)));
}

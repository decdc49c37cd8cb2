namespace StratusLab.Sdk;

/// <summary>Describes images that were found.</summary>
internal static class FoundImages
{
    public static FoundImage From(StratusImage image, string? marketplace, DateTimeOffset now) => new()
    {
        Marketplace = marketplace,
        Name = image.Name,
        Version = image.Version,
        Tags = [image.Version],
        Digest = image.Digest,
        Os = image.Os,
        Architecture = image.Architecture,
        Title = image.Title,
        Description = image.Description,
        Creator = image.Creator,
        CreatedAt = image.CreatedAt,
        ValidUntil = image.ValidUntil,
        Kind = image.Kind,
        StoredSize = image.StoredSize,
        Labels = image.Labels,
        IsExpired = image.ValidUntil < now,
        IsLocal = marketplace is null,
    };

    /// <summary>Adds what was said about it.</summary>
    public static FoundImage With(this FoundImage image, IReadOnlyList<StatementVerdict> verdicts)
    {
        var deprecation = verdicts.FirstOrDefault(v => v is { Kind: ImageStatementKind.Deprecation, Counts: true });
        return image with
        {
            Endorsers = [.. verdicts.Where(v => v is { Kind: ImageStatementKind.Endorsement, Signer: not null }).Select(v => v.Signer!.Subject).Distinct(StringComparer.Ordinal)],
            Deprecation = deprecation?.Statement!.Reason,
            Replacement = deprecation?.Statement!.Replacement,
        };
    }
}

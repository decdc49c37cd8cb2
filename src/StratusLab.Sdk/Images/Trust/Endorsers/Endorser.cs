namespace StratusLab.Sdk;

/// <summary>Somebody whose word about images the site believes: the holder of one certificate, or those whom an authority certified.</summary>
public sealed record Endorser
{
    /// <summary>The name by which the site calls them.</summary>
    public required string Name { get; init; }

    /// <summary>The pinned certificate.</summary>
    public required EndorserCertificate Certificate { get; init; }

    /// <summary>Whether the certificate is that of a certification authority, and stands for those with the right subject that it certified.</summary>
    public bool IsAuthority => SubjectPattern is not null;

    /// <summary>With an authority, whose statements count: a pattern such as <c>CN=*,OU=Physics,O=Lab,C=CH</c>; null with a certificate of its own.</summary>
    public string? SubjectPattern { get; init; }

    /// <summary>When they were added, in UTC.</summary>
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

namespace StratusLab.Sdk;

/// <summary>What the site makes of one statement about an image.</summary>
public sealed record StatementVerdict
{
    /// <summary>Digest of the manifest of the artifact that holds the statement.</summary>
    public required string Digest { get; init; }

    /// <summary>What it is.</summary>
    public required ImageStatementKind Kind { get; init; }

    /// <summary>What it says; null where the signature is not good.</summary>
    public ImageStatement? Statement { get; init; }

    /// <summary>Whose certificate signed it; null where the signature is not good.</summary>
    public EndorserCertificate? Signer { get; init; }

    /// <summary>The pinned endorser in whose name it was signed; null for none.</summary>
    public string? Endorser { get; init; }

    /// <summary>Whether it counts.</summary>
    public bool Counts => Problem is null;

    /// <summary>Why it does not count; null if it does.</summary>
    public string? Problem { get; init; }
}

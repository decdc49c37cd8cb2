namespace StratusLab.Sdk;

/// <summary>A statement about an image, and who signed it.</summary>
public sealed record SignedImageStatement
{
    /// <summary>Digest of the manifest of the artifact that holds it.</summary>
    public required string Digest { get; init; }

    /// <summary>What is said.</summary>
    public required ImageStatement Statement { get; init; }

    /// <summary>Whose certificate signed it.</summary>
    public required EndorserCertificate Signer { get; init; }
}

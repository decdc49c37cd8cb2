using System.Text.Json.Serialization;

namespace StratusLab.Sdk;

/// <summary>What somebody says about an image, as it is signed.</summary>
public sealed record ImageStatement
{
    /// <summary>What is said; in JSON the artifact type.</summary>
    [JsonPropertyName("type")]
    public required ImageStatementKind Kind { get; init; }

    /// <summary>Digest of the image's manifest: what the statement is about.</summary>
    [JsonPropertyName("image")]
    public required string ImageDigest { get; init; }

    /// <summary>The image's name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The image's version, for people.</summary>
    public required string Version { get; init; }

    /// <summary>When the statement was made, in UTC, as the signer says.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Until when it holds, in UTC; null for as long as the signer's certificate does.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Why, in up to 1000 characters; every deprecation has one.</summary>
    public string? Reason { get; init; }

    /// <summary>The image to use instead, as <c>name</c>, <c>name:version</c> or digest; only in a deprecation.</summary>
    public string? Replacement { get; init; }
}

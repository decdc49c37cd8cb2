using System.Text.Json.Serialization;

namespace StratusLab.Oci;

/// <summary>The answer of a token service (distribution's "Token Authentication Specification").</summary>
internal sealed class TokenAnswer
{
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("expires_in")]
    public double? ExpiresIn { get; init; }
}

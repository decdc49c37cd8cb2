using System.Text.Json.Serialization;

namespace StratusLab.Oci;

/// <summary>What a credential file knows of one registry.</summary>
internal sealed class CredentialEntry
{
    public string? Auth { get; init; }

    [JsonPropertyName("username")]
    public string? UserName { get; init; }

    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }
}

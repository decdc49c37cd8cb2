using System.Text.Json.Serialization;

namespace StratusLab.Oci;

/// <summary>The answer of a credential helper.</summary>
internal sealed class HelperAnswer
{
    [JsonPropertyName("Username")]
    public string? Username { get; init; }

    [JsonPropertyName("Secret")]
    public string? Secret { get; init; }
}

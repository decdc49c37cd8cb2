using System.Net.Http.Headers;

namespace StratusLab.Oci;

/// <summary>Where a content of a registry can be had, with plain HTTP.</summary>
public sealed class RegistryBlobPlace
{
    private readonly AuthenticationHeaderValue? _authorization;

    internal RegistryBlobPlace(Uri address, AuthenticationHeaderValue? authorization)
    {
        Address = address;
        _authorization = authorization;
    }

    /// <summary>The URL. The registry may redirect from there to another host, which is to be sent no authorization.</summary>
    public Uri Address { get; }

    /// <summary>Value of the Authorization header, a secret; null where everybody is let in.</summary>
    public string? Authorization => _authorization?.ToString();

    /// <summary>Whether the authorization is a user's password rather than a token for this content.</summary>
    public bool IsPassword => string.Equals(_authorization?.Scheme, "Basic", StringComparison.OrdinalIgnoreCase);

    /// <summary>The URL.</summary>
    public override string ToString() => Address.ToString();
}

namespace StratusLab.Oci;

/// <summary>Who somebody is to a registry. Never written to any output.</summary>
public sealed class RegistryCredential
{
    private RegistryCredential(string? userName, string secret)
    {
        UserName = userName;
        Secret = secret;
    }

    /// <summary>The user's name; null where the secret is an identity token.</summary>
    public string? UserName { get; }

    internal string Secret { get; }

    /// <summary>A user with a password or access token.</summary>
    public static RegistryCredential FromPassword(string userName, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(userName);
        // RFC 7617: the colon ends the name.
        if (userName.Contains(':', StringComparison.Ordinal)) throw new ArgumentException("A user name for a registry cannot hold a colon.", nameof(userName));
        return new RegistryCredential(userName, password);
    }

    /// <summary>An identity token (OAuth 2 refresh token), to be exchanged at the registry's token service.</summary>
    public static RegistryCredential FromIdentityToken(string token) => new(null, token);

    /// <summary>The user's name, without the secret.</summary>
    public override string ToString() => UserName ?? "identity token";
}

namespace StratusLab.Libvirt;

/// <summary>What a server's question for credentials is about.</summary>
/// <param name="Uri">The connection being opened.</param>
/// <param name="Mechanism">The SASL mechanism, such as SCRAM-SHA-256.</param>
/// <param name="SuggestedUserName">The user name that the URI or the credentials file gives, if any.</param>
public sealed record LibvirtCredentialRequest(LibvirtUri Uri, string Mechanism, string? SuggestedUserName);

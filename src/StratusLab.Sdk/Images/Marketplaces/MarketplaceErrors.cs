using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Failures of marketplaces in words that say what to do.</summary>
internal static class MarketplaceErrors
{
    /// <summary>Whether it can be translated.</summary>
    public static bool IsKnown(Exception error) => error is RegistryException or OciException or IOException or UnauthorizedAccessException;

    /// <summary>The error that a failure of the registry client stands for.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="resource">The image or marketplace concerned.</param>
    /// <param name="store">The local store's folder.</param>
    public static StratusException Translate(Exception error, string resource, string store) =>
        error is RegistryException registry ? Translate(registry, resource) : ImageErrors.Translate(error, resource, store);

    /// <summary>What is not an image, or says something impossible of itself.</summary>
    public static StratusException NotAnImage(string reference, string why, Exception? cause = null) => new(
        "NotAnImage",
        StratusErrorKind.Protocol,
        $"'{reference}' cannot be used: {why}. Nothing was kept. Ask whoever published it to publish it with Publish-StratusImage.",
        cause) { Resource = reference };

    private static StratusException Translate(RegistryException error, string resource)
    {
        var (id, kind, advice) = error.Kind switch
        {
            RegistryErrorKind.Unauthorized => ("MarketplaceLoginFailed", StratusErrorKind.PermissionDenied, "Register the marketplace again with the right credential, or log in with 'podman login' or 'docker login'."),
            RegistryErrorKind.Denied => ("MarketplaceAccessDenied", StratusErrorKind.PermissionDenied, "Ask the marketplace's owner for the right, or use another credential."),
            RegistryErrorKind.NotFound => ("ImageNotFound", StratusErrorKind.NotFound, "Find-StratusImage shows what there is."),
            RegistryErrorKind.RateLimited => ("MarketplaceBusy", StratusErrorKind.Timeout, "What has come is kept; try again later, or with a credential, which often allows more."),
            RegistryErrorKind.ServerError => ("MarketplaceFailed", StratusErrorKind.Failed, "What has come or gone is kept; try again later, and tell the marketplace's owner if it stays so."),
            RegistryErrorKind.Connection => ("MarketplaceUnreachable", StratusErrorKind.Connection, "See that it can be reached from this machine and try again: what has come or gone is kept, and the rest follows."),
            RegistryErrorKind.Stalled => ("MarketplaceUnreachable", StratusErrorKind.Connection, "Try again: what has come or gone is kept, and the rest follows."),
            RegistryErrorKind.Tls => ("MarketplaceNotTrusted", StratusErrorKind.Connection, "Have this machine trust the authority of its certificate. -PlainHttp is only for a network where nobody else listens."),
            RegistryErrorKind.WrongDigest or RegistryErrorKind.WrongLength => ("ImageDamaged", StratusErrorKind.Protocol, "Try again; if it stays so, the marketplace holds a damaged or changed image, and its owner should know."),
            RegistryErrorKind.Protocol => ("MarketplaceProtocolError", StratusErrorKind.Protocol, "See that the address is that of an OCI registry."),
            _ => ("MarketplaceRefused", StratusErrorKind.Failed, "See what the marketplace's owner allows."),
        };
        return new StratusException(id, kind, $"{error.Message} {advice}", error) { IsTransient = error.IsTransient, Resource = resource };
    }
}

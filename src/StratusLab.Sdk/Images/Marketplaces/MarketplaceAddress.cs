using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Where a registry keeps the images of a marketplace.</summary>
/// <param name="Registry">Host name with port.</param>
/// <param name="Prefix">The namespace, without slashes at its ends; empty for none.</param>
internal sealed record MarketplaceAddress(string Registry, string Prefix)
{
    private static readonly string[] Schemes = ["oci://", "docker://"];

    /// <summary>Whether an address is that of a catalogue.</summary>
    public static bool IsUrl(string uri) =>
        uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the address of a registry.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidMarketplaceUri</c>.</exception>
    public static MarketplaceAddress Parse(string uri)
    {
        var text = uri.TrimEnd('/');
        if (Array.Find(Schemes, s => text.StartsWith(s, StringComparison.OrdinalIgnoreCase)) is { } scheme) text = text[scheme.Length..];
        if (text.Contains('@', StringComparison.Ordinal)) throw Invalid("it holds a user or digest; give a credential beside it");

        // An image of that name tells whether registry and namespace are such.
        if (!OciReference.TryParse($"{text}/image", null, out var reference)) throw Invalid("it is no registry with a namespace");
        return new MarketplaceAddress(reference.Registry, reference.Repository.Length > 6 ? reference.Repository[..^6] : string.Empty);
    }

    /// <summary>Checks the URL of a catalogue.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidMarketplaceUri</c>.</exception>
    public static Uri ParseUrl(string uri, bool plainHttp)
    {
        if (!System.Uri.TryCreate(uri.EndsWith('/') ? uri : $"{uri}/", UriKind.Absolute, out var url) || !IsUrl(uri)) throw Invalid("it is no https URL");
        if (url.UserInfo.Length > 0) throw Invalid("it holds a user, which would be stored and shown");
        if (url.Query.Length > 0 || url.Fragment.Length > 0) throw Invalid("it has a query or fragment");
        return url.Scheme == System.Uri.UriSchemeHttps || plainHttp || url.IsLoopback ? url : throw Invalid("it does without TLS, and that was not said to be wanted");
    }

    /// <summary>The repository of an image.</summary>
    public string RepositoryOf(string name) => Prefix.Length == 0 ? name : $"{Prefix}/{name}";

    /// <summary>The image of a repository; null where that is outside the namespace, or below another within it.</summary>
    public string? NameOf(string repository)
    {
        var name = Prefix.Length == 0 ? repository : repository.StartsWith($"{Prefix}/", StringComparison.Ordinal) ? repository[(Prefix.Length + 1)..] : string.Empty;
        return ImageReference.IsName(name) ? name : null;
    }

    /// <summary>Registry and namespace.</summary>
    public override string ToString() => Prefix.Length == 0 ? Registry : $"{Registry}/{Prefix}";

    private static InvalidInputException Invalid(string why) => new(
        "InvalidMarketplaceUri",
        $"The address of the marketplace cannot be used: {why}. Right would be registry.example.org/images for a registry, or https://images.example.org/ for a simplestreams catalogue.",
        "Uri");
}

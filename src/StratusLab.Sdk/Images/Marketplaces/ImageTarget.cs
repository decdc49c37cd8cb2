using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>One image of one marketplace.</summary>
/// <param name="Marketplace">The marketplace.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Version">Its version, tag or digest there.</param>
internal sealed record ImageTarget(Marketplace Marketplace, string Name, string Version)
{
    /// <summary>Reads a reference; null where it names no marketplace.</summary>
    /// <exception cref="StratusException"><c>InvalidImageReference</c>, <c>MarketplaceNotFound</c>.</exception>
    public static ImageTarget? Read(string reference, IReadOnlyList<Marketplace> marketplaces)
    {
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return null;
        if (marketplaces.FirstOrDefault(m => string.Equals(m.Name, reference[..slash], StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            var (name, version) = Split(reference[(slash + 1)..], reference);
            return new ImageTarget(known, name, version);
        }

        if (!OciReference.TryParse(reference, null, out var full)) throw Unknown(reference, reference[..slash], marketplaces);
        var last = full.Repository.LastIndexOf('/');
        var image = full.Repository[(last + 1)..];
        var place = last < 0 ? full.Registry : $"{full.Registry}/{full.Repository[..last]}";
        return ImageReference.IsName(image) ? new ImageTarget(new Marketplace { Name = place, Uri = place }, image, full.Target) : throw Invalid(reference);
    }

    /// <summary>The same image in each marketplace.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidImageReference</c>.</exception>
    public static IEnumerable<ImageTarget> InAny(string reference, IReadOnlyList<Marketplace> marketplaces)
    {
        var (name, version) = Split(reference, reference);
        return marketplaces.Select(m => new ImageTarget(m, name, version));
    }

    // The rules for names leave no place for a path, a query or another host.
    private static (string Name, string Version) Split(string text, string reference)
    {
        if (text.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at)
        {
            var (name, digest) = (text[..at].Split(':', 2)[0], text[(at + 1)..]);
            return ImageReference.IsName(name) && OciDigest.TryParse(digest, null, out _) ? (name, digest) : throw Invalid(reference);
        }

        var parts = text.Split(':', 2);
        var version = parts.Length > 1 ? parts[1] : "latest";
        return ImageReference.IsName(parts[0]) && ImageReference.IsVersion(version) ? (parts[0], version) : throw Invalid(reference);
    }

    private static InvalidInputException Invalid(string reference) => new(
        "InvalidImageReference",
        $"'{ImageReference.Printable(reference)}' is no reference to an image of a marketplace. Right would be lab/debian:12, lab/debian@sha256:… or registry.example.org/images/debian:12.",
        "Name") { Resource = reference };

    private static StratusException Unknown(string reference, string name, IReadOnlyList<Marketplace> marketplaces)
    {
        var hint = marketplaces.Count == 0 ? "None is: register one first" : $"There are: {string.Join(", ", marketplaces.Select(m => m.Name))}";
        return new StratusException(
            "MarketplaceNotFound", StratusErrorKind.NotFound, $"No marketplace '{ImageReference.Printable(name)}' is registered with this site. {hint}; or give the whole address, as in registry.example.org/images/debian:12.") { Resource = reference };
    }
}

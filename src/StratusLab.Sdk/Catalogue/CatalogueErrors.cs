using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Why a database is not taken for the site's catalogue, whichever kind it is.</summary>
internal static class CatalogueErrors
{
    public static StratusException IsForeign(string path) => new(
        "CatalogueForeign",
        StratusErrorKind.InvalidState,
        $"'{path}' is a database of another program; it was left as it is. Use another folder for the site.") { Resource = path };

    public static StratusException IsNewer(string path, long version) => new(
        "CatalogueTooNew",
        StratusErrorKind.NotSupported,
        $"The catalogue '{path}' has layout version {version}; this program knows up to {CatalogueSchema.Version}. It was left as it is. "
        + "Update StratusLab on this machine, or use another folder for the site.") { Resource = path };

    public static StratusException IsUnfit(string path, string why, string remedy) => new(
        "CatalogueServerUnfit", StratusErrorKind.NotSupported, $"The catalogue '{path}' cannot keep a site: {why}. {remedy}") { Resource = path };

    public static StratusException IsSilent(Exception cause) => new HostConnectionException(
        "SiteSessionLapsed",
        "The site's catalogue has not answered for so long that other machines may take this process for dead. What it had under way was ended and stays in the journal. Try again when the database is there.",
        RequestState.Unknown,
        cause);
}

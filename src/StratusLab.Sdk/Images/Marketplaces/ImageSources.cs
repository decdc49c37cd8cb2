using System.Net;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Opens marketplaces by what their registration says.</summary>
internal sealed class ImageSources(ImageLibrary images, ImageTrust trust, SeenImages seen, CredentialStore credentials, TimeProvider clock)
{
    // Whoever asks what there is waits for an answer; what is under way is worth more patience.
    private const int QuestionAttempts = 2;

    public RegistryOptions Transport { get; set; } = new();

    /// <summary>The address as it is stored.</summary>
    public static string Normalize(Marketplace marketplace) => marketplace.Kind == MarketplaceKind.Registry
        ? MarketplaceAddress.Parse(marketplace.Uri).ToString()
        : MarketplaceAddress.ParseUrl(marketplace.Uri, marketplace.PlainHttp).ToString();

    /// <summary>Opens one to receive from.</summary>
    public IImageSource Open(Marketplace marketplace) =>
        marketplace.Kind == MarketplaceKind.Simplestreams ? new SimplestreamsMarketplace(marketplace, images, clock) : OpenRegistry(marketplace);

    /// <summary>Opens one to ask what it has.</summary>
    public IImageSource OpenToAsk(Marketplace marketplace) =>
        marketplace.Kind == MarketplaceKind.Simplestreams ? new SimplestreamsMarketplace(marketplace, images, clock) : OpenRegistry(marketplace, Asking);

    /// <summary>Opens one that can be published to.</summary>
    /// <exception cref="StratusException"><c>MarketplaceReadOnly</c>.</exception>
    public RegistryMarketplace OpenRegistry(Marketplace marketplace) => OpenRegistry(marketplace, Transport);

    private RegistryOptions Asking => Transport with { MaxAttempts = Math.Min(QuestionAttempts, Transport.MaxAttempts) };

    private RegistryMarketplace OpenRegistry(Marketplace marketplace, RegistryOptions options)
    {
        if (marketplace.Kind != MarketplaceKind.Registry)
        {
            throw new StratusException(
                "MarketplaceReadOnly", StratusErrorKind.NotSupported, $"Marketplace '{marketplace.Name}' is a simplestreams catalogue, which others fill. Publish to a registry.") { Resource = marketplace.Name };
        }

        var address = MarketplaceAddress.Parse(marketplace.Uri);
        return new RegistryMarketplace(marketplace.Name, address, ClientOf(marketplace, address, new SiteCredentials(credentials), options), images, trust, seen, clock);
    }

    /// <summary>Asks a marketplace that is not registered yet.</summary>
    public async Task CheckAsync(Marketplace marketplace, NetworkCredential? credential, CancellationToken cancellationToken)
    {
        if (marketplace.Kind == MarketplaceKind.Simplestreams)
        {
            using var catalogue = new SimplestreamsMarketplace(marketplace, images, clock);
            await catalogue.CheckAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        var address = MarketplaceAddress.Parse(marketplace.Uri);
        using var client = ClientOf(marketplace, address, credential is null ? new SiteCredentials(credentials) : new GivenCredential(credential), Asking);
        await client.CheckAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Describes images of the local store with what is said about them there.</summary>
    public async Task<IReadOnlyList<FoundImage>> DescribeLocalAsync(IReadOnlyList<StratusImage> local, ImageQuery query, CancellationToken cancellationToken)
    {
        var found = new List<FoundImage>();
        if (local.Count == 0) return found;
        var layout = await images.OpenLayoutAsync(cancellationToken).ConfigureAwait(false);
        foreach (var image in local)
        {
            var described = FoundImages.From(image, null, clock.GetUtcNow());
            if (!query.Matches(described)) continue;
            var statements = await StatementStore.ReadAsync(layout, OciDigest.Parse(image.Digest), cancellationToken).ConfigureAwait(false);
            described = described.With(await trust.JudgeAsync(statements, cancellationToken).ConfigureAwait(false));
            foreach (var statement in statements) statement.Signed?.Dispose();
            if (query.MatchesStatements(described)) found.Add(described);
        }

        return found;
    }

    private RegistryClient ClientOf(Marketplace marketplace, MarketplaceAddress address, IRegistryCredentials known, RegistryOptions options) =>
        new(address.Registry, options with { Credentials = known, PlainHttp = marketplace.PlainHttp, Clock = clock });

    private sealed class SiteCredentials(CredentialStore site) : IRegistryCredentials
    {
        public async Task<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken = default) =>
            await site.FindAsync(registry, cancellationToken).ConfigureAwait(false) ?? await new CredentialFiles().FindAsync(registry, cancellationToken).ConfigureAwait(false);
    }

    private sealed class GivenCredential(NetworkCredential credential) : IRegistryCredentials
    {
        public Task<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken = default) =>
            Task.FromResult<RegistryCredential?>(RegistryCredential.FromPassword(credential.UserName, credential.Password));
    }
}

using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>The marketplaces of a site: where images are found, published to, and received from.</summary>
/// <remarks>What comes from a marketplace is checked before it is kept. Whether it may be launched is decided at every launch, not here.</remarks>
public sealed class MarketplaceRegistry
{
    private static readonly TimeSpan OriginPatience = TimeSpan.FromSeconds(10);

    private readonly SiteCatalogue _catalogue;
    private readonly ImageLibrary _images;
    private readonly ImageSources _sources;
    private readonly CredentialStore _credentials;
    private readonly TimeProvider _clock;

    internal MarketplaceRegistry(SiteCatalogue catalogue, ImageLibrary images, ImageTrust trust, SeenImages seen, string siteFolder, TimeProvider clock)
    {
        _catalogue = catalogue;
        _images = images;
        _clock = clock;
        _credentials = new CredentialStore(Path.Combine(siteFolder, "registry-auth.json"));
        _sources = new ImageSources(images, trust, seen, _credentials, clock);
    }

    /// <summary>How marketplaces are spoken to, beside what the registration says.</summary>
    internal RegistryOptions Transport
    {
        get => _sources.Transport;
        set => _sources.Transport = value;
    }

    /// <summary>Registers a marketplace, after it has answered. Nothing is stored if it does not.</summary>
    /// <param name="marketplace">Name and address.</param>
    /// <param name="credential">
    /// Who is asking; null for what the user's Docker and Podman credential files say. It is kept in a file of the site that its owner alone may
    /// read, not in the catalogue, and goes for all marketplaces of the same registry.
    /// </param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The marketplace as it is stored.</returns>
    /// <exception cref="InvalidInputException"><c>InvalidName</c>, <c>InvalidMarketplaceUri</c>, <c>InvalidCredential</c>.</exception>
    /// <exception cref="StratusException"><c>MarketplaceAlreadyExists</c>, <c>MarketplaceUnreachable</c>, <c>MarketplaceLoginFailed</c> and other failures of the marketplace.</exception>
    public async Task<Marketplace> RegisterAsync(Marketplace marketplace, NetworkCredential? credential = null, CancellationToken cancellationToken = default)
    {
        ResourceName.Validate(marketplace.Name, "marketplace name");
        if (credential is not null && (credential.UserName.Length == 0 || credential.UserName.Contains(':', StringComparison.Ordinal)))
            throw new InvalidInputException("InvalidCredential", "The user name of a registry is not empty and has no colon.", "Credential");
        if (credential is not null && marketplace.Kind != MarketplaceKind.Registry)
            throw new InvalidInputException("InvalidCredential", "Only registries take a credential.", "Credential");
        var added = marketplace with { Uri = ImageSources.Normalize(marketplace), AddedAt = _clock.GetUtcNow() };
        if (await _catalogue.ReadAsync(c => MarketplaceStore.Find(c, added.Name), cancellationToken).ConfigureAwait(false) is not null) throw Exists(added.Name);

        await GuardAsync(
            added.Name,
            async () =>
            {
                await _sources.CheckAsync(added, credential, cancellationToken).ConfigureAwait(false);
                if (credential is not null)
                    await _credentials.StoreAsync(MarketplaceAddress.Parse(added.Uri).Registry, credential.UserName, credential.Password, cancellationToken).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        if (await _catalogue.WriteAsync(c => MarketplaceStore.Insert(c, added), cancellationToken: cancellationToken).ConfigureAwait(false) == 0) throw Exists(added.Name);
        return added;
    }

    /// <summary>The registered marketplaces by name; none is asked.</summary>
    public async IAsyncEnumerable<Marketplace> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var marketplace in await _catalogue.ReadAsync(MarketplaceStore.List, cancellationToken).ConfigureAwait(false)) yield return marketplace;
    }

    /// <summary>One registered marketplace.</summary>
    /// <exception cref="StratusException"><c>MarketplaceNotFound</c>.</exception>
    public async Task<Marketplace> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        var all = await _catalogue.ReadAsync(MarketplaceStore.List, cancellationToken).ConfigureAwait(false);
        if (all.Find(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase)) is { } found) return found;
        var hint = all.Count == 0 ? "None is: register one first." : $"There are: {string.Join(", ", all.Select(m => m.Name))}.";
        throw new StratusException("MarketplaceNotFound", StratusErrorKind.NotFound, $"No marketplace '{ImageReference.Printable(name)}' is registered with this site. {hint}") { Resource = name };
    }

    /// <summary>Forgets a marketplace, and its credential where no other of the same registry is left. What was received stays.</summary>
    /// <exception cref="StratusException"><c>MarketplaceNotFound</c>.</exception>
    public async Task UnregisterAsync(string name, CancellationToken cancellationToken = default)
    {
        var marketplace = await GetAsync(name, cancellationToken).ConfigureAwait(false);
        var rest = await _catalogue.WriteAsync(
            c =>
            {
                MarketplaceStore.Delete(c, marketplace.Name);
                return MarketplaceStore.List(c);
            },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        if (marketplace.Kind != MarketplaceKind.Registry) return;
        var registry = MarketplaceAddress.Parse(marketplace.Uri).Registry;
        if (rest.Exists(m => m.Kind == MarketplaceKind.Registry && MarketplaceAddress.Parse(m.Uri).Registry == registry)) return;
        await GuardAsync(
            marketplace.Name,
            async () =>
            {
                await _credentials.RemoveAsync(registry, cancellationToken).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
    }

    /// <summary>The images of all marketplaces and the local store, asked at once, in the order in which they answer.</summary>
    /// <param name="query">Which.</param>
    /// <param name="failed">Told of each marketplace that could not be asked; the others go on. Without it such a one throws after the others are done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async IAsyncEnumerable<FoundImage> FindAsync(ImageQuery query, Action<StratusException>? failed = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (marketplaces, seen) = await _catalogue.ReadAsync(c => (MarketplaceStore.List(c), MarketplaceStore.Seen(c)), cancellationToken).ConfigureAwait(false);
        var local = await _images.ListAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var digests = local.Select(i => i.Digest).ToHashSet(StringComparer.Ordinal);
        if (query.MatchesMarketplace(null))
            foreach (var image in await _sources.DescribeLocalAsync(local, query, cancellationToken).ConfigureAwait(false)) yield return image;

        var errors = Channel.CreateBounded<StratusException>(Math.Max(1, marketplaces.Count));
        var workers = marketplaces.Where(m => query.MatchesMarketplace(m.Name)).Select<Marketplace, FanOut.Worker<FoundImage>>(marketplace => async (results, ct) =>
        {
            var names = seen.Where(s => string.Equals(s.Marketplace, marketplace.Name, StringComparison.OrdinalIgnoreCase)).Select(s => s.Name).Distinct(StringComparer.Ordinal).ToList();
            try
            {
                await GuardAsync(
                    marketplace.Name,
                    async () =>
                    {
                        using var source = _sources.OpenToAsk(marketplace);
                        await foreach (var image in source.FindAsync(query, names, ct).ConfigureAwait(false))
                            await results.WriteAsync(image with { IsLocal = image.Digest is not null && digests.Contains(image.Digest) }, ct).ConfigureAwait(false);
                        return true;
                    }).ConfigureAwait(false);
            }
            catch (StratusException e)
            {
                if (failed is not null) failed(e);
                else await errors.Writer.WriteAsync(e, ct).ConfigureAwait(false);
            }
        });
        var found = new List<FoundImage>();
        await foreach (var image in FanOut.RunAsync([.. workers], cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            found.Add(image);
            yield return image;
        }

        await NoteAsync(found, cancellationToken).ConfigureAwait(false);
        if (errors.Reader.TryRead(out var error)) throw error;
    }

    /// <summary>Sends an image of the local store to a marketplace, with what was said about it. What is there already is not sent; what was interrupted goes on.</summary>
    /// <param name="image">As in <see cref="ImageLibrary.GetAsync"/>.</param>
    /// <param name="marketplace">Name of the marketplace.</param>
    /// <param name="isLatest">Also give it the version <c>latest</c> there.</param>
    /// <param name="progress">Told the bytes, the rate and the time left.</param>
    /// <param name="cancellationToken">Stops the work; the next attempt goes on from there.</param>
    /// <exception cref="StratusException"><c>ImageNotFound</c>, <c>MarketplaceNotFound</c>, <c>MarketplaceReadOnly</c>, and failures of the marketplace.</exception>
    public async Task<FoundImage> PublishAsync(
        string image, string marketplace, bool isLatest = false, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var (place, local) = (await GetAsync(marketplace, cancellationToken).ConfigureAwait(false), await _images.GetAsync(image, cancellationToken).ConfigureAwait(false));
        using var registry = _sources.OpenRegistry(place);
        await GuardAsync(
            $"{place.Name}/{local.Reference}",
            async () =>
            {
                await registry.PublishAsync(local, isLatest, progress, cancellationToken).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        var described = (await _sources.DescribeLocalAsync([local], new ImageQuery { IncludeExpired = true, IncludeDeprecated = true }, cancellationToken).ConfigureAwait(false))[0];
        var published = described with { Marketplace = place.Name, IsLocal = true, Tags = isLatest && local.Version != "latest" ? [local.Version, "latest"] : [local.Version] };
        await NoteAsync([published], cancellationToken).ConfigureAwait(false);
        return published;
    }

    /// <summary>Sends what was said about an image of the local store to every marketplace that has the image.</summary>
    /// <param name="image">As in <see cref="ImageLibrary.GetAsync"/>.</param>
    /// <param name="marketplaces">Names of the marketplaces.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The marketplaces that have it.</returns>
    public async Task<IReadOnlyList<string>> PublishStatementsAsync(string image, IReadOnlyList<string> marketplaces, CancellationToken cancellationToken = default)
    {
        var local = await _images.GetAsync(image, cancellationToken).ConfigureAwait(false);
        var having = new List<string>();
        foreach (var name in marketplaces)
        {
            var place = await GetAsync(name, cancellationToken).ConfigureAwait(false);
            using var registry = _sources.OpenRegistry(place);
            if (await GuardAsync($"{place.Name}/{local.Reference}", () => registry.PublishStatementsAsync(local, cancellationToken)).ConfigureAwait(false)) having.Add(place.Name);
        }

        return having;
    }

    /// <summary>Brings an image into the local store, with what was said about it. It is checked before it gets its name; what was interrupted goes on.</summary>
    /// <param name="reference">
    /// <c>marketplace/name:version</c>, the same with <c>@sha256:…</c>; <c>name:version</c> where only one marketplace has it; or a full
    /// <c>registry.example.org/namespace/name:version</c>. A version that is left out is <c>latest</c>.
    /// </param>
    /// <param name="progress">Told the bytes, the rate and the time left.</param>
    /// <param name="cancellationToken">Stops the work; the next attempt goes on from there.</param>
    /// <exception cref="StratusException">
    /// <c>ImageNotFound</c>, <c>MarketplaceNotFound</c>, <c>NotAnImage</c>, <c>ImageDamaged</c>, <c>InvalidImageFile</c>, <c>ImageHasBackingFile</c>, and failures
    /// of the marketplace; nothing of it was kept but what the next attempt goes on from.
    /// </exception>
    public async Task<StratusImage> ReceiveAsync(string reference, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var target = await FindTargetAsync(reference, cancellationToken).ConfigureAwait(false);
        using var source = _sources.Open(target.Marketplace);
        var image = await GuardAsync(reference, () => source.ReceiveAsync(target.Name, target.Version, progress, cancellationToken)).ConfigureAwait(false);
        await _catalogue.WriteAsync(c => MarketplaceStore.Note(c, target.Marketplace.Name, [(target.Name, image.Version)]), durable: false, cancellationToken).ConfigureAwait(false);
        return image;
    }

    /// <summary>The digest of a marketplace's image, without receiving it; null where the marketplace does not know it before it was received.</summary>
    /// <param name="reference">As in <see cref="ReceiveAsync"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="StratusException"><c>ImageNotFound</c>, <c>MarketplaceNotFound</c>, and failures of the marketplace.</exception>
    public async Task<string?> ResolveAsync(string reference, CancellationToken cancellationToken = default)
    {
        var target = await FindTargetAsync(reference, cancellationToken).ConfigureAwait(false);
        using var source = _sources.OpenToAsk(target.Marketplace);
        var (isThere, digest) = await GuardAsync(reference, () => source.LookUpAsync(target.Name, target.Version, cancellationToken)).ConfigureAwait(false);
        return isThere ? digest : throw NotThere(reference, target.Marketplace.Name);
    }

    /// <summary>Deletes an image from a marketplace, under all its versions there, with what was said about it. The local store keeps it.</summary>
    /// <param name="reference"><c>marketplace/name:version</c>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="StratusException"><c>ImageNotFound</c>, <c>MarketplaceNotFound</c>, <c>MarketplaceReadOnly</c>; <c>MarketplaceRefused</c> where the registry lets nobody delete.</exception>
    public async Task PurgeAsync(string reference, CancellationToken cancellationToken = default)
    {
        var target = await FindTargetAsync(reference, cancellationToken).ConfigureAwait(false);
        using var registry = _sources.OpenRegistry(target.Marketplace);
        if (!await GuardAsync(reference, () => registry.PurgeAsync(target.Name, target.Version, cancellationToken)).ConfigureAwait(false)) throw NotThere(reference, target.Marketplace.Name);
        await _catalogue.WriteAsync(c => MarketplaceStore.Forget(c, target.Marketplace.Name, target.Name, target.Version), durable: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The images that were seen in marketplaces, as <c>marketplace/name:version</c>; none is asked.</summary>
    public async Task<IReadOnlyList<string>> ListSeenAsync(CancellationToken cancellationToken = default) =>
        [.. (await _catalogue.ReadAsync(MarketplaceStore.Seen, cancellationToken).ConfigureAwait(false)).Select(s => $"{s.Marketplace}/{s.Name}:{s.Version}")];

    /// <summary>Finds a registered registry from which a host can fetch an image's disk by itself; null if none has it that may be told to hosts.</summary>
    internal async Task<RemoteBlob?> FindOriginAsync(ImageDescriptor image, CancellationToken cancellationToken)
    {
        foreach (var marketplace in await _catalogue.ReadAsync(MarketplaceStore.List, cancellationToken).ConfigureAwait(false))
        {
            if (marketplace.Kind != MarketplaceKind.Registry) continue;
            if (await LocateAsync(marketplace, image, cancellationToken).ConfigureAwait(false) is { } place)
                return new RemoteBlob(place.Address) { AuthorizeAsync = async ct => (await LocateAsync(marketplace, image, ct).ConfigureAwait(false))?.Authorization };
        }

        return null;
    }

    private async Task<RegistryBlobPlace?> LocateAsync(Marketplace marketplace, ImageDescriptor image, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(OriginPatience);
        try
        {
            using var registry = _sources.OpenRegistry(marketplace);
            return await registry.LocateAsync(image, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (MarketplaceErrors.IsKnown(e) || e is StratusException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Then the disk goes another way.
            return null;
        }
    }

    private static StratusException Exists(string name) =>
        new("MarketplaceAlreadyExists", StratusErrorKind.AlreadyExists, $"A marketplace '{name}' is registered already. Unregister it first, or choose another name.") { Resource = name };

    private static StratusException NotThere(string reference, string marketplace) =>
        new("ImageNotFound", StratusErrorKind.NotFound, $"Marketplace '{marketplace}' has no image '{ImageReference.Printable(reference)}'. Find-StratusImage shows what there is.") { Resource = reference };

    private Task NoteAsync(List<FoundImage> found, CancellationToken cancellationToken) => found.Count == 0
        ? Task.CompletedTask
        : _catalogue.WriteAsync(
            c => found.GroupBy(f => f.Marketplace!, StringComparer.Ordinal).Sum(g => MarketplaceStore.Note(c, g.Key, g.SelectMany(f => f.Tags.Select(t => (f.Name, t))))), durable: false, cancellationToken);

    private async Task<ImageTarget> FindTargetAsync(string reference, CancellationToken cancellationToken)
    {
        var all = await _catalogue.ReadAsync(MarketplaceStore.List, cancellationToken).ConfigureAwait(false);
        if (ImageTarget.Read(reference, all) is { } target) return target;
        var having = new List<ImageTarget>();
        foreach (var candidate in ImageTarget.InAny(reference, all))
        {
            using var source = _sources.OpenToAsk(candidate.Marketplace);
            if ((await GuardAsync(reference, () => source.LookUpAsync(candidate.Name, candidate.Version, cancellationToken)).ConfigureAwait(false)).IsThere) having.Add(candidate);
        }

        return having switch
        {
            [var only] => only,
            [] => throw new StratusException(
                "ImageNotFound",
                StratusErrorKind.NotFound,
                $"No registered marketplace has an image '{ImageReference.Printable(reference)}'. {(all.Count == 0 ? "None is registered." : $"There are: {string.Join(", ", all.Select(m => m.Name))}.")}") { Resource = reference },
            _ => throw new InvalidInputException(
                "AmbiguousImage", $"'{reference}' is in {string.Join(" and ", having.Select(h => h.Marketplace.Name))}: say which, as in {having[0].Marketplace.Name}/{reference}.", "Name") { Resource = reference },
        };
    }

    private async Task<T> GuardAsync<T>(string resource, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (MarketplaceErrors.IsKnown(e))
        {
            throw MarketplaceErrors.Translate(e, resource, _images.Folder);
        }
    }
}

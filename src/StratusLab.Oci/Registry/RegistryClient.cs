using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StratusLab.Oci;

/// <summary>
/// A client of one OCI registry (OCI distribution specification 1.1). Safe for concurrent use. Requests that fail for a passing
/// reason are repeated; what comes is checked against its digest before it is handed on.
/// </summary>
public sealed class RegistryClient : IDisposable
{
    private const int TagsPerPage = 1000;
    private const int MaxPages = 10_000;

    private static readonly TimeSpan CommitPatience = TimeSpan.FromMinutes(5);

    /// <summary>Prepares a client; nothing is sent.</summary>
    /// <param name="registry">Host name or address, with the port if it is not the usual one.</param>
    /// <param name="options">How to talk to it.</param>
    /// <exception cref="ArgumentException">The registry is no host name, or an option is out of its range.</exception>
    public RegistryClient(string registry, RegistryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        if (!OciReference.IsRegistry(registry)) throw new ArgumentException("A registry is a host name or address, with ':' and its port if it has another than 443.", nameof(registry));
        options ??= new RegistryOptions();
        options.Validate();
        Http = new RegistryHttp(registry, options);
    }

    /// <summary>The registry.</summary>
    public string Registry => Http.Registry;

    internal RegistryHttp Http { get; }

    /// <summary>Checks that a registry answers, and accepts who is asking ("Determining Support").</summary>
    /// <exception cref="RegistryException">It does not.</exception>
    public Task CheckAsync(CancellationToken cancellationToken = default) =>
        Http.RunAsync(new RegistryRequest(HttpMethod.Get, "v2/", string.Empty, Registry), (_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>The repositories of the registry, page by page, where it tells them: many do not, or not to everybody.</summary>
    /// <exception cref="RegistryException">The registry could not be asked, or does not tell.</exception>
    public async IAsyncEnumerable<string> ListRepositoriesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var first = $"v2/_catalog?n={TagsPerPage}";
        await foreach (var page in PagesAsync(first, "registry:catalog:*", $"{Registry}: the list of repositories", RegistryJson.Default.RepositoryList, r => r.Repositories, cancellationToken).ConfigureAwait(false))
            foreach (var repository in page)
                if (OciReference.IsRepository(repository)) yield return repository;
    }

    /// <summary>Looks up what a tag or digest stands for, without reading it.</summary>
    /// <returns>Null if it is not there, or if the registry does not say the digest.</returns>
    /// <exception cref="RegistryException">The registry could not be asked.</exception>
    public async Task<OciDescriptor?> ResolveAsync(string repository, string reference, CancellationToken cancellationToken = default)
    {
        var request = ManifestRequest(HttpMethod.Head, repository, reference, "pull") with { Expected = [HttpStatusCode.OK, HttpStatusCode.NotFound] };
        return await Http.RunAsync(request, (response, _) => Task.FromResult(response.StatusCode == HttpStatusCode.OK ? Describe(response) : null), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a manifest or index. Asked for by digest, it has that digest.</summary>
    /// <exception cref="RegistryException">It is not there, is longer than 4 MiB, or is not what its digest says.</exception>
    public Task<RegistryManifest> GetManifestAsync(string repository, string reference, CancellationToken cancellationToken = default)
    {
        var request = ManifestRequest(HttpMethod.Get, repository, reference, "pull");
        return Http.RunAsync(
            request,
            async (response, stall) =>
            {
                var content = await RegistryErrors.BodyAsync(response, RegistryManifest.MaxLength, request.What, stall).ConfigureAwait(false);
                var manifest = new RegistryManifest(response.Content.Headers.ContentType?.MediaType ?? OciMediaTypes.Manifest, content);
                if (OciDigest.TryParse(reference, null, out var asked) && OciContent.DigestOf(content, asked.Algorithm) != asked)
                    throw new RegistryException(RegistryErrorKind.WrongDigest, $"{request.What}: what came has the digest {manifest.Descriptor.Digest}. It was not kept.");
                return manifest;
            },
            cancellationToken);
    }

    /// <summary>Stores a manifest or index under a tag or its digest. What it points to must be there already.</summary>
    /// <returns>Whether the registry keeps the list of referrers itself, where the manifest has a subject.</returns>
    /// <exception cref="RegistryException">The registry refused it.</exception>
    public Task<bool> PutManifestAsync(string repository, string reference, RegistryManifest manifest, CancellationToken cancellationToken = default)
    {
        var request = ManifestRequest(HttpMethod.Put, repository, reference, "pull,push") with
        {
            Expected = [HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Accepted],
            Patience = CommitPatience,
            Content = _ => new ReadOnlyMemoryContent(manifest.Content) { Headers = { ContentType = new MediaTypeHeaderValue(manifest.Descriptor.MediaType) } },
        };
        return Http.RunAsync(request, (response, _) => Task.FromResult(response.Headers.Contains("OCI-Subject")), cancellationToken);
    }

    /// <summary>Deletes a manifest by its digest, or a tag.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="RegistryException">The registry refused; many do not let anybody delete.</exception>
    public Task<bool> DeleteManifestAsync(string repository, string reference, CancellationToken cancellationToken = default)
    {
        var request = ManifestRequest(HttpMethod.Delete, repository, reference, "delete") with { Expected = [HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.NotFound] };
        return Http.RunAsync(request, (response, _) => Task.FromResult(response.StatusCode != HttpStatusCode.NotFound), cancellationToken);
    }

    /// <summary>Whether a repository holds a content.</summary>
    /// <exception cref="RegistryException">The registry could not be asked.</exception>
    public Task<bool> HasBlobAsync(string repository, OciDigest digest, CancellationToken cancellationToken = default)
    {
        var request = BlobRequest(HttpMethod.Head, repository, digest) with { Expected = [HttpStatusCode.OK, HttpStatusCode.NotFound] };
        return Http.RunAsync(request, (response, _) => Task.FromResult(response.StatusCode == HttpStatusCode.OK), cancellationToken);
    }

    /// <summary>Where a content can be had by others, and what they need to be let in; null if the repository does not hold it.</summary>
    /// <exception cref="RegistryException">The registry could not be asked.</exception>
    public async Task<RegistryBlobPlace?> LocateBlobAsync(string repository, OciDigest digest, CancellationToken cancellationToken = default) =>
        await HasBlobAsync(repository, digest, cancellationToken).ConfigureAwait(false)
            ? await Http.LocateAsync(BlobRequest(HttpMethod.Get, repository, digest), cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Reads a small content whole, checked against its digest and length.</summary>
    /// <exception cref="RegistryException">It is not there, is longer than 4 MiB, or is not what the descriptor says.</exception>
    public Task<byte[]> GetBlobAsync(string repository, OciDescriptor blob, CancellationToken cancellationToken = default)
    {
        var request = BlobRequest(HttpMethod.Get, repository, blob.Digest);
        if (blob.Size > RegistryManifest.MaxLength) throw new RegistryException(RegistryErrorKind.WrongLength, $"{request.What} has {blob.Size} bytes, where at most {RegistryManifest.MaxLength} belong.");
        return Http.RunAsync(
            request,
            async (response, stall) =>
            {
                var content = await RegistryErrors.BodyAsync(response, (int)blob.Size, request.What, stall).ConfigureAwait(false);
                if (content.Length != blob.Size) throw new RegistryException(RegistryErrorKind.WrongLength, $"{request.What} has {content.Length} bytes, not {blob.Size} as its descriptor says.");
                return OciContent.DigestOf(content, blob.Digest.Algorithm) == blob.Digest
                    ? content
                    : throw new RegistryException(RegistryErrorKind.WrongDigest, $"{request.What}: what came does not have that digest. It was not kept.");
            },
            cancellationToken);
    }

    /// <summary>The tags of a repository, page by page; none if it is not there.</summary>
    /// <exception cref="RegistryException">The registry could not be asked, or its pages have no end.</exception>
    public async IAsyncEnumerable<string> ListTagsAsync(string repository, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var first = $"v2/{Checked(repository)}/tags/list?n={TagsPerPage}";
        var scope = ScopeOf(repository, "pull");
        await foreach (var tags in PagesAsync(first, scope, $"{Registry}/{repository}: the list of tags", RegistryJson.Default.TagList, t => t.Tags, cancellationToken).ConfigureAwait(false))
            foreach (var tag in tags)
                if (OciReference.IsTag(tag)) yield return tag;
    }

    /// <summary>The manifests that say something about another one, from the registry's referrers API or, where it has none, from the tag that stands in for it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">Digest of the manifest they are about.</param>
    /// <param name="artifactType">Only those of this kind; null for all.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="RegistryException">The registry could not be asked.</exception>
    /// <exception cref="OciException">A list is broken.</exception>
    public async IAsyncEnumerable<OciDescriptor> ListReferrersAsync(
        string repository, OciDigest subject, string? artifactType = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var referrer in new Referrers(this, repository, subject).ListAsync(artifactType, cancellationToken).ConfigureAwait(false)) yield return referrer;
    }

    /// <summary>Stores a manifest that has a subject, and sees to it that it is found among the subject's referrers.</summary>
    /// <returns>Its descriptor.</returns>
    /// <exception cref="RegistryException">The registry refused it.</exception>
    /// <exception cref="OciException">It has no subject, or the list that stands in for the referrers API is broken.</exception>
    public async Task<OciDescriptor> PutReferrerAsync(string repository, RegistryManifest manifest, CancellationToken cancellationToken = default)
    {
        var image = manifest.ReadImage();
        var subject = image.Subject ?? throw new OciException($"Manifest {manifest.Descriptor.Digest} has no subject.");
        var descriptor = manifest.Descriptor with { ArtifactType = image.ArtifactType ?? image.Config.MediaType, Annotations = image.Annotations };
        if (!await PutManifestAsync(repository, manifest.Descriptor.Digest.ToString(), manifest, cancellationToken).ConfigureAwait(false))
            await new Referrers(this, repository, subject.Digest).AddAsync(descriptor, cancellationToken).ConfigureAwait(false);
        return descriptor;
    }

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();

    internal static string ScopeOf(string repository, string actions) => $"repository:{Checked(repository)}:{actions}";

    internal RegistryRequest BlobRequest(HttpMethod method, string repository, OciDigest digest) =>
        new(method, $"v2/{Checked(repository)}/blobs/{digest}", ScopeOf(repository, "pull"), $"{Registry}/{repository}: content {digest}");

    internal async IAsyncEnumerable<IReadOnlyList<T>> PagesAsync<TPage, T>(
        string first,
        string scope,
        string what,
        System.Text.Json.Serialization.Metadata.JsonTypeInfo<TPage> type,
        Func<TPage, IReadOnlyList<T>?> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TPage : class
    {
        var target = first;
        for (var page = 0; target is not null; page++)
        {
            if (page == MaxPages) throw new RegistryException(RegistryErrorKind.Protocol, $"{what} has no end.");
            var current = target;
            var request = new RegistryRequest(HttpMethod.Get, current, scope, what) { Expected = [HttpStatusCode.OK, HttpStatusCode.NotFound] };
            var (list, next) = await Http.RunAsync(request, ReadAsync, cancellationToken).ConfigureAwait(false);
            yield return list;
            if (next == current) throw new RegistryException(RegistryErrorKind.Protocol, $"{what}: a page says that it is the next one itself.");
            target = next;
        }

        async Task<(IReadOnlyList<T> Items, string? Next)> ReadAsync(HttpResponseMessage response, StallTimer stall)
        {
            if (response.StatusCode == HttpStatusCode.NotFound) return ([], null);
            var body = await RegistryErrors.BodyAsync(response, RegistryManifest.MaxLength, what, stall).ConfigureAwait(false);
            try
            {
                return (JsonSerializer.Deserialize(body, type) is { } list ? items(list) ?? [] : [], NextPage.Of(response));
            }
            catch (JsonException e)
            {
                throw new RegistryException(RegistryErrorKind.Protocol, $"{what} is not what the specification asks for: {e.Message}", e);
            }
        }
    }

    private static string Checked(string repository) => OciReference.IsRepository(repository)
        ? repository
        : throw new ArgumentException("A repository is lower-case letters, digits and single separators, with '/' between its parts.", nameof(repository));

    private static OciDescriptor? Describe(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out var values) && OciDigest.TryParse(values.First(), null, out var digest)
            ? new OciDescriptor { MediaType = response.Content.Headers.ContentType?.MediaType ?? OciMediaTypes.Manifest, Digest = digest, Size = response.Content.Headers.ContentLength ?? 0 }
            : null;

    private RegistryRequest ManifestRequest(HttpMethod method, string repository, string reference, string actions)
    {
        if (!OciReference.IsTag(reference) && !OciDigest.TryParse(reference, null, out _))
            throw new ArgumentException("A manifest is asked for by its digest or by a tag: up to 128 letters, digits, '_', '.' and '-'.", nameof(reference));
        var name = $"{Registry}/{repository}{(reference.Contains(':', StringComparison.Ordinal) ? '@' : ':')}{reference}";
        return new RegistryRequest(method, $"v2/{Checked(repository)}/manifests/{reference}", ScopeOf(repository, actions), name)
        {
            Prepare = message =>
            {
                message.Headers.Accept.ParseAdd(OciMediaTypes.Manifest);
                message.Headers.Accept.ParseAdd(OciMediaTypes.Index);
            },
        };
    }
}

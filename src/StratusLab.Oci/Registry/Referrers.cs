using System.Runtime.CompilerServices;
using System.Text.Json;

namespace StratusLab.Oci;

/// <summary>What refers to one manifest, from the referrers API or, where there is none, from the tag that stands in for it ("Referrers Tag Schema").</summary>
internal sealed class Referrers(RegistryClient client, string repository, OciDigest subject)
{
    private const int Rounds = 8;

    private readonly string _tag = $"{subject.Algorithm}-{subject.Hex}"[..Math.Min(128, subject.Algorithm.Length + 1 + Math.Min(64, subject.Hex.Length))];

    public async IAsyncEnumerable<OciDescriptor> ListAsync(string? artifactType, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A registry without the API answers 404, which makes an empty list; one with it never does, so asking for the tag too costs little.
        var seen = new HashSet<OciDigest>();
        var first = $"v2/{repository}/referrers/{subject}{(artifactType is null ? "" : $"?artifactType={Uri.EscapeDataString(artifactType)}")}";
        var what = $"{client.Registry}/{repository}: the referrers of {subject}";
        await foreach (var page in client.PagesAsync(first, RegistryClient.ScopeOf(repository, "pull"), what, OciJson.Default.OciIndex, i => i.Manifests, cancellationToken).ConfigureAwait(false))
            foreach (var referrer in page)
                if (Fits(referrer) && seen.Add(referrer.Digest)) yield return referrer;
        foreach (var referrer in await ReadTagAsync(cancellationToken).ConfigureAwait(false))
            if (Fits(referrer) && seen.Add(referrer.Digest)) yield return referrer;

        bool Fits(OciDescriptor referrer) => artifactType is null || referrer.ArtifactType == artifactType;
    }

    /// <summary>Adds to the tag's list. Registries cannot compare and set, so it is read again until the entry has stayed.</summary>
    public async Task AddAsync(OciDescriptor referrer, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var list = await ReadTagAsync(cancellationToken).ConfigureAwait(false);
            if (list.Any(r => r.Digest == referrer.Digest)) return;
            var index = JsonSerializer.SerializeToUtf8Bytes(new OciIndex { Manifests = [.. list, referrer] }, OciJson.Default.OciIndex);
            await client.PutManifestAsync(repository, _tag, new RegistryManifest(OciMediaTypes.Index, index), cancellationToken).ConfigureAwait(false);
            // Two that write at once would otherwise undo each other in step.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(20, 100 << round)), client.Http.Options.Clock, cancellationToken).ConfigureAwait(false);
        }

        var kept = await ReadTagAsync(cancellationToken).ConfigureAwait(false);
        if (kept.All(r => r.Digest != referrer.Digest))
            throw new RegistryException(RegistryErrorKind.Refused, $"{client.Registry}/{repository}: others keep on changing the list of referrers of {subject}. Try again.");
    }

    private async Task<IReadOnlyList<OciDescriptor>> ReadTagAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetManifestAsync(repository, _tag, cancellationToken).ConfigureAwait(false)).ReadIndex().Manifests;
        }
        catch (RegistryException e) when (e.Kind == RegistryErrorKind.NotFound)
        {
            return [];
        }
    }
}

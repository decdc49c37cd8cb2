namespace StratusLab.Oci;

/// <content>Artifacts that say something about a manifest.</content>
public sealed partial class OciLayout
{
    /// <summary>The artifacts of the layout that refer to a manifest (their <c>subject</c>), in the order in which they came.</summary>
    /// <param name="subject">The manifest, which need not be in the layout.</param>
    /// <param name="artifactType">Only those of this type; null for all.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OciException">The index is broken, or an artifact that may be one of them.</exception>
    public async Task<IReadOnlyList<OciDescriptor>> ListReferrersAsync(OciDigest subject, string? artifactType = null, CancellationToken cancellationToken = default)
    {
        var referrers = new List<OciDescriptor>();
        foreach (var entry in (await ReadIndexAsync(cancellationToken).ConfigureAwait(false)).Manifests)
        {
            // What other tools wrote may leave the type out.
            if (artifactType is not null && entry.ArtifactType is not null && entry.ArtifactType != artifactType) continue;
            if (referrers.Exists(r => r.Digest == entry.Digest)) continue;
            if (await DescribeReferrerAsync(entry, subject, cancellationToken).ConfigureAwait(false) is not { } referrer) continue;
            if (artifactType is null || referrer.ArtifactType == artifactType) referrers.Add(referrer);
        }

        return referrers;
    }

    private async Task<OciDescriptor?> DescribeReferrerAsync(OciDescriptor entry, OciDigest subject, CancellationToken cancellationToken)
    {
        if (entry.Annotations?.GetValueOrDefault(OciAnnotations.Subject) is { } said) return said == subject.ToString() ? entry : null;
        if (entry.MediaType != OciMediaTypes.Manifest || entry.Digest == subject) return null;
        try
        {
            var manifest = await ReadManifestAsync(entry.Digest, cancellationToken).ConfigureAwait(false);
            return manifest.Subject?.Digest == subject ? entry with { ArtifactType = manifest.ArtifactType } : null;
        }
        catch (OciException) when (entry.ArtifactType is null)
        {
            // Nothing says that it is one at all.
            return null;
        }
    }

    // Whoever refers to what leaves the index leaves it too, and who refers to them. What refers to something that never was here stays.
    private async Task<List<OciDescriptor>> WithoutOrphansAsync(
        IReadOnlyList<OciDescriptor> before, List<OciDescriptor> after, CancellationToken cancellationToken)
    {
        while (true)
        {
            var gone = before.Select(m => m.Digest).Except(after.Select(m => m.Digest)).ToHashSet();
            if (gone.Count == 0) return after;
            var kept = new List<OciDescriptor>(after.Count);
            foreach (var entry in after)
                if (await SubjectOfAsync(entry, cancellationToken).ConfigureAwait(false) is not { } subject || !gone.Contains(subject)) kept.Add(entry);
            if (kept.Count == after.Count) return after;
            after = kept;
        }
    }

    private async Task<OciDigest?> SubjectOfAsync(OciDescriptor entry, CancellationToken cancellationToken)
    {
        if (entry.Annotations?.GetValueOrDefault(OciAnnotations.Subject) is { } said) return OciDigest.TryParse(said, null, out var subject) ? subject : null;

        // One that cannot be read stays as it is: removing another must go on.
        if (entry.MediaType != OciMediaTypes.Manifest) return null;
        try
        {
            return (await ReadManifestAsync(entry.Digest, cancellationToken).ConfigureAwait(false)).Subject?.Digest;
        }
        catch (OciException)
        {
            return null;
        }
    }
}

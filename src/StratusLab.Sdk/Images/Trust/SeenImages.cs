using System.Data.Common;

namespace StratusLab.Sdk;

/// <summary>When the site first saw each image, for its quarantine.</summary>
internal sealed class SeenImages(SiteCatalogue catalogue, TimeProvider clock)
{
    /// <summary>Remembers an image, unless it is known; returns when it was first seen.</summary>
    /// <param name="digest">Digest of its manifest.</param>
    /// <param name="origin">Where it came from, for people; null where that is not known.</param>
    /// <param name="cancellationToken">Stops the waiting for the catalogue.</param>
    public Task<DateTimeOffset> RecordAsync(string digest, string? origin, CancellationToken cancellationToken) => catalogue.WriteAsync(
        c =>
        {
            c.Execute(
                "INSERT INTO image_seen (digest, seen_at, origin) VALUES (@digest, @now, @origin) ON CONFLICT DO NOTHING",
                ("@digest", digest),
                ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds()),
                ("@origin", origin));
            return Read(c, digest)!.Value;
        },
        cancellationToken: cancellationToken);

    public static DateTimeOffset? Read(DbConnection c, string digest) =>
        c.Query("SELECT seen_at FROM image_seen WHERE digest = @digest", r => r.Time(0), ("@digest", digest)) is [var seen] ? seen : null;
}

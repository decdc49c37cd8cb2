namespace StratusLab.Sdk;

/// <summary>A site at one moment, as its catalogue tells it; no host is asked.</summary>
public sealed record SiteStatus
{
    /// <summary>The site's name.</summary>
    public required string Name { get; init; }

    /// <summary>The folder that holds it.</summary>
    public required string Folder { get; init; }

    /// <summary>The catalogue file.</summary>
    public required string Catalogue { get; init; }

    /// <summary>Version of the catalogue's layout.</summary>
    public required int CatalogueVersion { get; init; }

    /// <summary>Registered hosts.</summary>
    public required int HostCount { get; init; }

    /// <summary>Images in the local store.</summary>
    public required int ImageCount { get; init; }

    /// <summary>Bytes that the local image store takes.</summary>
    public required Core.ByteSize ImageStorage { get; init; }

    /// <summary>Sizes, built-in ones included.</summary>
    public required int SizeCount { get; init; }

    /// <summary>Journal entries whose outcome is not yet known, work in progress included.</summary>
    public required int OpenIntents { get; init; }

    /// <summary>Those of them that a process left behind; the next change on their host, or a repair, settles them.</summary>
    public required int InterruptedIntents { get; init; }

    /// <summary>Processes that have the site open now, this one included.</summary>
    public required int LiveSessions { get; init; }
}

namespace StratusLab.Sdk;

/// <summary>An image to be made with the help of a VM that lives only for that, and what to say about it.</summary>
public abstract record ImageMaking
{
    private protected ImageMaking()
    {
    }

    /// <summary>The image's name, as in <see cref="ImagePublication.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The image's version, as in <see cref="ImagePublication.Version"/>.</summary>
    public string Version { get; init; } = "latest";

    /// <summary>A short title.</summary>
    public string? Title { get; init; }

    /// <summary>What is in it and for whom.</summary>
    public string? Description { get; init; }

    /// <summary>Who made it; null for the site's owner.</summary>
    public string? Creator { get; init; }

    /// <summary>The last moment at which it may be launched, in UTC; null for no end.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>TCP ports that a VM of it serves, 1 to 65535; null for those of the image that it is made from.</summary>
    public IReadOnlyList<int>? InboundPorts { get; init; }

    /// <summary>Labels that policy can ask for.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the guest may take to do its part, from 1 second to 1 day.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>File that takes what the guest wrote to its serial console, also after a failure; null for a new one in the site's folder <c>logs</c>.</summary>
    public string? LogPath { get; init; }
}

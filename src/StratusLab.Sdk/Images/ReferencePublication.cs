using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>An image that a host has itself, to be published as a reference, and what to say about it.</summary>
public sealed record ReferencePublication
{
    /// <summary>The registered name of the host.</summary>
    public required string Host { get; init; }

    /// <summary>Which image is meant; the newest that matches.</summary>
    public required NativeImageQuery Query { get; init; }

    /// <summary>The name, as in <see cref="ImagePublication.Name"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The version, as in <see cref="ImagePublication.Version"/>.</summary>
    public string Version { get; init; } = "latest";

    /// <summary>A short title; null for the one that the image has now.</summary>
    public string? Title { get; init; }

    /// <summary>What is in it and for whom; null for the one that it has now, else what was found.</summary>
    public string? Description { get; init; }

    /// <summary>The user that accepts ssh keys; null for the one that it has now, else <c>root</c>.</summary>
    public string? DefaultUser { get; init; }

    /// <summary>Who published it; null for the site's owner.</summary>
    public string? Creator { get; init; }

    /// <summary>The last moment at which it may be launched, in UTC; null for the one that it has now.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>TCP ports that a VM of it serves, 1 to 65535; null for those that it has now.</summary>
    public IReadOnlyList<int>? InboundPorts { get; init; }

    /// <summary>Labels that policy can ask for; null for those that it has now.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

namespace StratusLab.Sdk;

/// <summary>A place where images are found.</summary>
public sealed record Marketplace
{
    /// <summary>The name by which the site calls it.</summary>
    public required string Name { get; init; }

    /// <summary>What sort it is.</summary>
    public MarketplaceKind Kind { get; init; }

    /// <summary>
    /// Where it is: a registry with the namespace that holds the images, such as <c>registry.example.org/images</c>; a catalogue by its URL,
    /// such as <c>https://images.example.org/</c>.
    /// </summary>
    public required string Uri { get; init; }

    /// <summary>Speak HTTP without TLS. Without it only a marketplace on this machine's loopback is spoken to so.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>When it was registered, in UTC.</summary>
    public DateTimeOffset AddedAt { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

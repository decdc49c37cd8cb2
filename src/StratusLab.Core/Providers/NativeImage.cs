namespace StratusLab.Core;

/// <summary>An image that a host has of its own.</summary>
/// <param name="Place">The place that it belongs to (<see cref="INativeImageHost.ImagePlace"/>).</param>
/// <param name="Id">The host's identity of it.</param>
public sealed record NativeImage(string Place, string Id)
{
    /// <summary>Its name there.</summary>
    public string? Name { get; init; }

    /// <summary>Who publishes it there.</summary>
    public string? Owner { get; init; }

    /// <summary>What it says of itself there.</summary>
    public string? Description { get; init; }

    /// <summary>CPU architecture in the kernel's words.</summary>
    public required string Architecture { get; init; }

    /// <summary>What it boots with.</summary>
    public Firmware Firmware { get; init; }

    /// <summary>The size of its disk.</summary>
    public ByteSize VirtualSize { get; init; }

    /// <summary>When it was made, in UTC; null where that is not known.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Name and identity.</summary>
    public override string ToString() => Name is null ? Id : $"{Name} ({Id})";
}

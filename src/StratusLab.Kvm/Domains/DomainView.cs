using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>What is read out of a domain's XML.</summary>
internal sealed record DomainView
{
    public required Guid Uuid { get; init; }

    public required string Name { get; init; }

    public int Cpu { get; init; }

    public ByteSize Memory { get; init; }

    public Firmware Firmware { get; init; }

    public string Architecture { get; init; } = "x86_64";

    public IReadOnlyList<DomainNic> Nics { get; init; } = [];

    /// <summary>Whether a guest agent has opened its channel.</summary>
    public bool HasAgent { get; init; }

    /// <summary>Null for a domain that StratusLab did not make.</summary>
    public VmMetadata? Metadata { get; init; }

    /// <summary>The volumes that were made for it; null where the metadata does not tell.</summary>
    public VolumeNames? Volumes => Metadata?.Attempt is { } attempt ? new VolumeNames(Uuid, attempt) : null;
}

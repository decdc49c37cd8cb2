using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>All that is decided of a domain before it is written as XML.</summary>
internal sealed record DomainSpec
{
    public required Guid Uuid { get; init; }

    public required string Name { get; init; }

    public required string Architecture { get; init; }

    public required Firmware Firmware { get; init; }

    public required Accelerator Accelerator { get; init; }

    public required int Cpu { get; init; }

    public required ByteSize Memory { get; init; }

    /// <summary>Path of the qcow2.</summary>
    public required string DiskPath { get; init; }

    /// <summary>The base volume that the qcow2 is an overlay of; null where it stands by itself.</summary>
    public required (string Path, string Format)? Base { get; init; }

    public required string SeedPath { get; init; }

    public required string ConsoleLogPath { get; init; }

    public required IReadOnlyList<DomainNic> Nics { get; init; }

    public required VmMetadata Metadata { get; init; }
}

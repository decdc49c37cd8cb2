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

    /// <summary>Path of the qcow2 overlay.</summary>
    public required string DiskPath { get; init; }

    /// <summary>Path of the base volume under the overlay.</summary>
    public required string BasePath { get; init; }

    public required DiskFormat BaseFormat { get; init; }

    public required string SeedPath { get; init; }

    public required string ConsoleLogPath { get; init; }

    public required IReadOnlyList<DomainNic> Nics { get; init; }

    public required VmMetadata Metadata { get; init; }
}

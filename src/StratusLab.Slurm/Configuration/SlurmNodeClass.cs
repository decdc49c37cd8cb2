using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Cloud nodes that are alike.</summary>
public sealed record SlurmNodeClass
{
    /// <summary>What their names begin with; they are numbered from 1. A letter, then letters, digits and hyphens, not ending in a digit.</summary>
    public required string Name { get; init; }

    /// <summary>The most of them that there can be at once, 1 to 65,536.</summary>
    public required int Count { get; init; }

    /// <summary>CPUs of each.</summary>
    public required int Cpu { get; init; }

    /// <summary>Memory of each, as the machine is sold; what Slurm may give away of it is <see cref="RealMemory"/>.</summary>
    public required ByteSize Memory { get; init; }

    /// <summary>GPUs of each.</summary>
    public int Gpu { get; init; }

    /// <summary>Features that jobs can ask for.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>
    /// Memory that Slurm may give to jobs: seven hundredths and 128 MiB less than the machine has, which firmware and kernel keep. A node that turns out to
    /// have less than it was said to have is drained by Slurm.
    /// </summary>
    public ByteSize RealMemory => ByteSize.FromMiB(Math.Max(1, (Memory.Bytes >> 20) * 93 / 100 - 128));

    /// <summary>All of them as a list that Slurm understands, such as <c>small-[1-20]</c>.</summary>
    public string NodeList => Count == 1 ? Name + "1" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}[1-{Count}]");
}

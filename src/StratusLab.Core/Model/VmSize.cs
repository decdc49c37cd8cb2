namespace StratusLab.Core;

/// <summary>A named shape of VM.</summary>
/// <param name="Name">The name, such as <c>small</c>.</param>
/// <param name="Cpu">Virtual CPUs, 1 or more.</param>
/// <param name="Memory">Memory, 16 MB or more.</param>
/// <param name="Disk">Virtual size of the system disk; zero keeps the image's own size.</param>
public sealed record VmSize(string Name, int Cpu, ByteSize Memory, ByteSize Disk)
{
    /// <summary>Whether the product ships it; a built-in size cannot be removed.</summary>
    public bool IsBuiltIn { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

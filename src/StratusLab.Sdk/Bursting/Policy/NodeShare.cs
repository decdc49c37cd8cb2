using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A part of a node, or what is free of it.</summary>
internal readonly record struct NodeShare(int Cpu, long Memory, int Gpu)
{
    public static NodeShare Of(BatchNode node) => new(node.Cpu, node.Memory.Bytes, node.Gpu);

    public bool Holds(NodeShare other) => other.Cpu <= Cpu && other.Memory <= Memory && other.Gpu <= Gpu;

    public static NodeShare operator -(NodeShare left, NodeShare right) => new(left.Cpu - right.Cpu, left.Memory - right.Memory, left.Gpu - right.Gpu);
}

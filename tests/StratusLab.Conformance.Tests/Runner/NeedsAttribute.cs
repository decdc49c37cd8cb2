using StratusLab.Rig.Requirements;

namespace StratusLab.Conformance.Tests;

/// <summary>What every test of a class needs of the machine; where it is missing, they are skipped with the reason.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(params Need[] needs) : Attribute
{
    public IReadOnlyList<Need> Needs { get; } = needs;
}

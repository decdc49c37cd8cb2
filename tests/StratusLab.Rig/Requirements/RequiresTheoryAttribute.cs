using Xunit;

namespace StratusLab.Rig.Requirements;

/// <summary>A theory that is skipped, saying why, where the machine lacks something.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresTheoryAttribute : TheoryAttribute
{
    /// <summary>Names what the test needs.</summary>
    public RequiresTheoryAttribute(params Need[] needs)
    {
        Needs = needs;
        Skip = needs.Select(Requirement.WhyNot).FirstOrDefault(reason => reason is not null);
    }

    /// <summary>What the test needs.</summary>
    public IReadOnlyList<Need> Needs { get; }
}

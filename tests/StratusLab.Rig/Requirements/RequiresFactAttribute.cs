using Xunit;

namespace StratusLab.Rig.Requirements;

/// <summary>A fact that is skipped, saying why, where the machine lacks something.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresFactAttribute : FactAttribute
{
    /// <summary>Names what the test needs.</summary>
    public RequiresFactAttribute(params Need[] needs)
    {
        Needs = needs;
        Skip = needs.Select(Requirement.WhyNot).FirstOrDefault(reason => reason is not null);
    }

    /// <summary>What the test needs.</summary>
    public IReadOnlyList<Need> Needs { get; }
}

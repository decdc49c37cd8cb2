namespace StratusLab.Slurm.Tests;

/// <summary>A theory about a shell script, skipped where there is no shell to run it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellTheoryAttribute : TheoryAttribute
{
    public ShellTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = ShellFactAttribute.Reason;
    }
}

namespace StratusLab.Slurm.Tests;

/// <summary>A fact about a shell script, skipped where there is no shell to run it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellFactAttribute : FactAttribute
{
    internal const string Reason = "shell scripts need Linux with coreutils";

    public ShellFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = Reason;
    }
}

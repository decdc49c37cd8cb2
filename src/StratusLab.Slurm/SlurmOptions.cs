namespace StratusLab.Slurm;

/// <summary>How Slurm is reached.</summary>
public sealed record SlurmOptions
{
    /// <summary>The configuration that Slurm's commands read (<c>SLURM_CONF</c>); null for what the environment or the system says.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>The folder of <c>squeue</c>, <c>scontrol</c> and <c>sinfo</c>; null to look on <c>PATH</c>.</summary>
    public string? ProgramFolder { get; init; }

    /// <summary>The longest that one of Slurm's commands may take; 60 s by default.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

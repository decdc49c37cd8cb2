namespace StratusLab.PowerShell.Commands;

/// <summary>A batch system whose jobs may burst.</summary>
public enum BurstBatchSystem
{
    /// <summary>Slurm.</summary>
    Slurm,

    /// <summary>Grid Engine.</summary>
    GridEngine,
}

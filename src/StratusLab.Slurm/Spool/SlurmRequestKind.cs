namespace StratusLab.Slurm;

/// <summary>What Slurm asks for through its power saving programs.</summary>
public enum SlurmRequestKind
{
    /// <summary>Machines for these nodes (<c>ResumeProgram</c>).</summary>
    Resume,

    /// <summary>These nodes are idle and not wanted any more (<c>SuspendProgram</c>).</summary>
    Suspend,

    /// <summary>These nodes did not register within <c>ResumeTimeout</c> (<c>ResumeFailProgram</c>).</summary>
    ResumeFail,
}

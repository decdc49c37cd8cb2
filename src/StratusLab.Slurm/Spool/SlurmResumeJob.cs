namespace StratusLab.Slurm;

/// <summary>A job for which Slurm wants nodes, as its resume file (<c>SLURM_RESUME_FILE</c>) told.</summary>
/// <param name="Id">The job's number; a task of an array has one of its own here.</param>
/// <param name="Partition">The partition in which it got the nodes; empty before Slurm 23.02, which does not tell.</param>
/// <param name="Nodes">All nodes that it got.</param>
/// <param name="ResumedNodes">Those of them that were off.</param>
/// <param name="Features">The features that it asks for, in Slurm's own form; empty for none.</param>
public sealed record SlurmResumeJob(string Id, string Partition, IReadOnlyList<string> Nodes, IReadOnlyList<string> ResumedNodes, string Features);

namespace StratusLab.Slurm;

/// <summary>What Slurm asked for at one moment; it lies in the spool until it is acknowledged.</summary>
public sealed record SlurmRequest
{
    /// <summary>Its file name; those of later requests sort behind it.</summary>
    public required string Id { get; init; }

    /// <summary>What is asked.</summary>
    public required SlurmRequestKind Kind { get; init; }

    /// <summary>For which nodes.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>When Slurm asked, in UTC, by the controller's clock; to the second.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The jobs that wait for the nodes; empty where Slurm did not tell.</summary>
    public IReadOnlyList<SlurmResumeJob> Jobs { get; init; } = [];

    /// <summary>The identity.</summary>
    public override string ToString() => Id;
}

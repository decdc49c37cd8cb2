namespace StratusLab.Core;

/// <summary>
/// Where a batch system leaves what it asks about nodes, such as the spool folder of Slurm's ResumeProgram and SuspendProgram. With it the batch
/// system chooses the names of nodes; without it the controller does.
/// </summary>
public interface IBurstRequests
{
    /// <summary>What was asked and is not completed, the oldest first. Asked often: it takes little time while there is nothing.</summary>
    Task<IReadOnlyList<BurstRequest>> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Forgets a request: what follows from it is in the ledger. One that is forgotten already is a success.</summary>
    Task CompleteAsync(string id, CancellationToken cancellationToken = default);
}

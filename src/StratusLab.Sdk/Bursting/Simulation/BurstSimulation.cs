namespace StratusLab.Sdk;

/// <summary>Replays a workload under a virtual clock: local nodes with EASY backfill, burst nodes decided on by <see cref="BurstPlanner"/>, as in production.</summary>
public static class BurstSimulation
{
    /// <summary>Replays a workload under one policy.</summary>
    /// <param name="trace">The workload.</param>
    /// <param name="policy">The policy, with its daily budget; null for no bursting.</param>
    /// <param name="options">Centre and cloud.</param>
    /// <param name="cancellationToken">Stops the simulation.</param>
    /// <exception cref="Core.InvalidInputException"><c>InvalidBurstPolicy</c>.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or the trace does not tell how many nodes there are.</exception>
    public static SimulationResult Run(WorkloadTrace trace, BurstPolicy? policy, SimulationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        policy?.Validate();
        return new SimulationRun(trace, policy, options).Run(cancellationToken);
    }

    /// <summary>Replays a workload under several policies side by side; the results come in their order.</summary>
    /// <inheritdoc cref="Run"/>
    public static async Task<IReadOnlyList<SimulationResult>> CompareAsync(
        WorkloadTrace trace,
        IReadOnlyList<BurstPolicy?> policies,
        SimulationOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policies);
        var results = new SimulationResult[policies.Count];
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForAsync(0, policies.Count, parallel, (i, cancel) =>
        {
            results[i] = Run(trace, policies[i], options, cancel);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        return results;
    }
}

namespace StratusLab.Sdk;

/// <summary>How things stood at one moment of a simulation.</summary>
/// <param name="At">The moment, in UTC.</param>
/// <param name="Queue">Jobs that wait.</param>
/// <param name="LocalBusy">Local nodes with a job.</param>
/// <param name="BurstNodes">Burst nodes that are paid for.</param>
/// <param name="Spent">What was spent since the last midnight in UTC.</param>
public readonly record struct SimulationSample(DateTimeOffset At, int Queue, int LocalBusy, int BurstNodes, decimal Spent);

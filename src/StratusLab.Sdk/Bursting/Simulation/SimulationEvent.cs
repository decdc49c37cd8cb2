namespace StratusLab.Sdk;

/// <summary>Something that is to happen: a job ends, or a burst node is ready.</summary>
internal readonly record struct SimulationEvent(SimulatedJob? Job, string? Node);

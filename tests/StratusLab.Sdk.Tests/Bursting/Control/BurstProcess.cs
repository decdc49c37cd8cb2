namespace StratusLab.Sdk.Tests;

/// <summary>One run of a controller's process: after its crash nothing that it does has an effect.</summary>
internal sealed class BurstProcess
{
    public bool HasCrashed { get; private set; }

    public void Live()
    {
        if (HasCrashed) throw new SimulatedCrash();
    }

    public void Crash()
    {
        HasCrashed = true;
        throw new SimulatedCrash();
    }

    internal sealed class SimulatedCrash() : Exception("The process has crashed (simulated).");
}

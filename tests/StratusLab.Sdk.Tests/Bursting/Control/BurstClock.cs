namespace StratusLab.Sdk.Tests;

/// <summary>A clock that is set by hand. A process that has crashed gets no time any more: whatever it still wants to write ends there.</summary>
internal sealed class BurstClock(BurstFaults faults, BurstProcess process) : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        process.Live();
        if (faults.Strikes(BurstFault.Crash)) process.Crash();
        return faults.Now;
    }
}

namespace StratusLab.Sdk;

/// <summary>When a job that waits is worth a burst node.</summary>
public enum BurstRule
{
    /// <summary>Whenever it cannot start locally at once.</summary>
    Immediate,

    /// <summary>Once it has waited for <see cref="BurstPolicy.WaitThreshold"/>.</summary>
    Threshold,

    /// <summary>If it is predicted to wait for longer than is worth its cost; see <see cref="BurstPolicy.WaitThreshold"/> and <see cref="BurstPolicy.WaitPerNodeHour"/>.</summary>
    PredictedWait,
}

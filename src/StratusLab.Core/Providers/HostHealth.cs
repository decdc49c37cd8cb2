namespace StratusLab.Core;

/// <summary>Whether a host can take work.</summary>
public enum HostHealth
{
    /// <summary>It answers and has what it needs.</summary>
    Ready,

    /// <summary>It answers but lacks something; <see cref="HostStatus.Problem"/> says what.</summary>
    Degraded,

    /// <summary>It does not answer.</summary>
    Unreachable,
}

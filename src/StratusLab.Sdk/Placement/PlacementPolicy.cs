namespace StratusLab.Sdk;

/// <summary>Which of the hosts that have room is taken.</summary>
public enum PlacementPolicy
{
    /// <summary>The emptiest: VMs end up evenly over the hosts.</summary>
    Spread,

    /// <summary>The fullest: whole hosts stay free.</summary>
    Pack,
}

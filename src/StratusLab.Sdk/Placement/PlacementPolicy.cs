namespace StratusLab.Sdk;

/// <summary>Which of the hosts that have room is taken.</summary>
public enum PlacementPolicy
{
    /// <summary>On-premise hosts, evenly; where they have no room, hosts that cost money, the cheapest first.</summary>
    OnPremiseFirst,

    /// <summary>The one on which the VM costs least; what costs nothing is taken evenly.</summary>
    Cheapest,

    /// <summary>The emptiest: VMs end up evenly over the hosts. A host that buys room as it is needed gets as many as the others.</summary>
    Spread,

    /// <summary>The fullest: whole hosts stay free. A host that buys room as it is needed comes last.</summary>
    Pack,

    /// <summary>The one host that is named, and no other.</summary>
    HostOnly,
}

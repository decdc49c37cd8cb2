namespace StratusLab.Core;

/// <summary>How a machine is paid for.</summary>
public enum VmMarket
{
    /// <summary>At the list price, until it is given back.</summary>
    OnDemand,

    /// <summary>At the price of the day, until somebody else wants it: it may be taken away at short notice.</summary>
    Spot,
}

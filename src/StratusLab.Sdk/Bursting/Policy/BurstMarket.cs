namespace StratusLab.Sdk;

/// <summary>How a burst node is paid for.</summary>
public enum BurstMarket
{
    /// <summary>At a fixed price, until it is given back.</summary>
    OnDemand,

    /// <summary>At the price of spare capacity; it may be taken away at short notice.</summary>
    Spot,
}

namespace StratusLab.Sdk;

/// <summary>What sort of marketplace it is.</summary>
public enum MarketplaceKind
{
    /// <summary>An OCI registry, to publish to and receive from.</summary>
    Registry,

    /// <summary>A simplestreams catalogue, as Ubuntu, LXD and MAAS have them, to receive from.</summary>
    Simplestreams,
}

namespace StratusLab.Rig.Proxy;

/// <summary>What the proxy does with a packet.</summary>
public enum PacketVerdict
{
    /// <summary>Passes it on.</summary>
    Forward,

    /// <summary>Swallows it; the connection lives on.</summary>
    Drop,

    /// <summary>Ends the connection on both sides without passing it on.</summary>
    Cut,
}

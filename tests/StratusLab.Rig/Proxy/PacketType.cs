namespace StratusLab.Rig.Proxy;

/// <summary>The type field of a libvirt RPC header (libvirt, src/rpc/virnetprotocol.x).</summary>
public enum PacketType
{
    /// <summary>A request.</summary>
    Call = 0,

    /// <summary>The answer to a request.</summary>
    Reply = 1,

    /// <summary>An event, from the server.</summary>
    Message = 2,

    /// <summary>A piece of a stream.</summary>
    Stream = 3,

    /// <summary>A request that carries file descriptors.</summary>
    CallWithFds = 4,

    /// <summary>An answer that carries file descriptors.</summary>
    ReplyWithFds = 5,

    /// <summary>A run of zeros in a stream.</summary>
    StreamHole = 6,
}

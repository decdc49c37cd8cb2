using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

/// <summary>A call whose reply has not come. It stays known to the connection until then, also when its caller has given up.</summary>
internal abstract class PendingCall(RpcProcedure procedure, XdrWriter arguments, CallLane lane) : OutgoingMessage(arguments)
{
    public RpcProcedure Procedure { get; } = procedure;

    public CallLane Lane { get; } = lane;

    public uint Serial { get; set; }

    /// <summary>The stream that this call opens, if it does.</summary>
    public RpcStream? Stream { get; init; }

    /// <summary>Whether nobody waits any more: the reply is then discarded unread.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>Decodes the reply and hands it over.</summary>
    /// <returns>Whether somebody took it: false when the caller gave up meanwhile.</returns>
    public abstract bool Complete(ReadOnlySpan<byte> payload);

    public abstract void Fail(Exception exception);

    public abstract void Cancel(CancellationToken cancellationToken);
}

namespace StratusLab.Libvirt.Rpc;

/// <summary><c>virNetMessageType</c> in src/rpc/virnetprotocol.x.</summary>
internal enum MessageType
{
    Call = 0,
    Reply = 1,
    Event = 2,
    Stream = 3,
    CallWithFds = 4,
    ReplyWithFds = 5,
    StreamHole = 6,
}

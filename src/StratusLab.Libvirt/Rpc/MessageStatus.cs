namespace StratusLab.Libvirt.Rpc;

/// <summary><c>virNetMessageStatus</c> in src/rpc/virnetprotocol.x.</summary>
internal enum MessageStatus
{
    Ok = 0,
    Error = 1,
    Continue = 2,
}

namespace StratusLab.Libvirt.Rpc;

/// <summary>One received message. Its payload lies in the receive buffer and is valid until the next bytes are received.</summary>
internal readonly ref struct RpcMessage(MessageHeader header, ReadOnlySpan<byte> payload)
{
    public MessageHeader Header { get; } = header;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}

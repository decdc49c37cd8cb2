using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

/// <summary>A message on its way out, which knows whether it has left.</summary>
internal class OutgoingMessage(XdrWriter content)
{
    private const int Queued = 0;
    private const int Writing = 1;
    private const int Written = 2;
    private const int Withdrawn = 3;

    private int _state;

    public ReadOnlyMemory<byte> Bytes => content.Message;

    public RequestState RequestState => Volatile.Read(ref _state) switch
    {
        Writing => RequestState.Unknown,
        Written => RequestState.Sent,
        _ => RequestState.NotSent,
    };

    /// <summary>Stamps length and header. Done once, before the message is queued.</summary>
    public void Stamp(MessageHeader header) => header.WritePrefix(content.Prefix, content.Length);

    /// <summary>Claims the message for writing; false when it was withdrawn.</summary>
    public bool TryBeginWrite() => Interlocked.CompareExchange(ref _state, Writing, Queued) == Queued;

    public void EndWrite()
    {
        Volatile.Write(ref _state, Written);
        content.Return();
        OnWritten();
    }

    /// <summary>Takes the message back; false when it has begun to leave.</summary>
    public bool TryWithdraw()
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Queued) != Queued)
            return false;
        content.Return();
        return true;
    }

    protected virtual void OnWritten()
    {
    }
}

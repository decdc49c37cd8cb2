using StratusLab.Libvirt.Xdr;

namespace StratusLab.Libvirt.Rpc;

/// <summary>A stream packet on its way out. Its sender waits until it is written, which is the flow control of this side.</summary>
internal sealed class StreamPacket(XdrWriter content) : OutgoingMessage(content)
{
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task WrittenTask => _written.Task;

    public void Withdraw()
    {
        if (TryWithdraw())
            _written.TrySetResult();
    }

    protected override void OnWritten() => _written.TrySetResult();
}

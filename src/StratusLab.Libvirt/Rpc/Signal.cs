using System.Threading.Channels;

namespace StratusLab.Libvirt.Rpc;

/// <summary>Wakes one waiter. Pulses that nobody has waited for yet count as one.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _pulses = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Pulse() => _pulses.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken cancellationToken) =>
        await _pulses.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
}

using System.Threading.Channels;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Rings when a host tells of a change, so that nobody has to wait for the next look. Where the host tells nothing, time passes.</summary>
internal sealed class VmBell : IAsyncDisposable
{
    // Changes come in flocks; one look is enough for all of one flock.
    private static readonly TimeSpan Flock = TimeSpan.FromMilliseconds(20);

    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop;
    private readonly Task _listening;
    private readonly TimeProvider _clock;

    public VmBell(IComputeProvider provider, TimeProvider clock, CancellationToken cancellationToken)
    {
        _clock = clock;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _listening = provider.Capabilities.HasFlag(ProviderCapabilities.Events) ? ListenAsync(provider, _stop.Token) : Task.CompletedTask;
    }

    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var rung = _rings.Reader.ReadAsync(either.Token).AsTask();
        var passed = Task.Delay(longest, _clock, either.Token);
        var first = await Task.WhenAny(rung, passed).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(rung, passed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == rung) await Task.Delay(Flock, _clock, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ListenAsync(IComputeProvider provider, CancellationToken cancellationToken)
    {
        await foreach (var _ in provider.WatchAsync(cancellationToken).ConfigureAwait(false)) _rings.Writer.TryWrite(true);
    }
}

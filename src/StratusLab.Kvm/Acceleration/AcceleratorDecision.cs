using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>How a host's guests are executed: as its definition says, else as a canary guest shows, asked once.</summary>
internal sealed class AcceleratorDecision(HostConnection host) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private CanaryVerdict? _verdict;

    /// <summary>The decision, and in words why.</summary>
    public async Task<CanaryVerdict> ExplainAsync(CancellationToken cancellationToken)
    {
        var definition = host.Definition;
        if (definition.Accelerator != Accelerator.Auto) return new CanaryVerdict(definition.Accelerator, "as the host was registered");
        if (definition.DecidedAccelerator is { } decided and not Accelerator.Auto) return new CanaryVerdict(decided, "as was found when the host was registered");
        return await TryCanaryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The decision.</summary>
    public async Task<Accelerator> GetAsync(CancellationToken cancellationToken) => (await ExplainAsync(cancellationToken).ConfigureAwait(false)).Accelerator;

    /// <summary>What the canary says, whatever the definition says.</summary>
    public async Task<CanaryVerdict> TryCanaryAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _verdict ??= await host.CallAsync(connection => new Canary(host).RunAsync(connection, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}

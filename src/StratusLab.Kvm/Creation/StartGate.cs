using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>
/// Holds the guests of a batch at their first instruction until the whole batch is there, then lets all go: guests that boot take the
/// processors from the hypervisor processes that have yet to start. What is still held when it is disposed is let go too.
/// </summary>
internal sealed class StartGate(HostConnection host) : IAsyncDisposable
{
    private const int Parallelism = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, DomainRef> _held = new(StringComparer.Ordinal);

    /// <summary>Starts the guest, held.</summary>
    public async Task StartAsync(LibvirtConnection connection, DomainRef domain, CancellationToken cancellationToken)
    {
        _held[KeyOf(domain)] = domain;
        try
        {
            await connection.Domains.StartAsync(domain, DomainStartFlags.Paused, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException)
        {
            _held.TryRemove(KeyOf(domain), out _);
            throw;
        }
    }

    public bool Holds(VmOutcome outcome) => outcome.Id is { } id && _held.ContainsKey(id.Key);

    /// <summary>Lets the guests go.</summary>
    /// <param name="outcomes">What became of each that is held, until now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async IAsyncEnumerable<VmOutcome> OpenAsync(IReadOnlyList<VmOutcome> outcomes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var outcome in Batch.RunAsync(outcomes, Parallelism, LetGoAsync, cancellationToken).ConfigureAwait(false)) yield return outcome;
    }

    public async ValueTask DisposeAsync()
    {
        if (_held.IsEmpty) return;
        using var patience = new CancellationTokenSource(Patience);
        await Task.WhenAll(_held.Values.Select(domain => AbandonAsync(domain, patience.Token))).ConfigureAwait(false);
    }

    private static string KeyOf(DomainRef domain) => domain.Uuid.ToString("D");

    private async Task<VmOutcome> LetGoAsync(VmOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            if (_held.TryGetValue(outcome.Id!.Value.Key, out var domain))
            {
                await host.CallAsync(connection => connection.Domains.ResumeAsync(domain, cancellationToken), cancellationToken).ConfigureAwait(false);
                _held.TryRemove(KeyOf(domain), out _);
            }

            return outcome;
        }
        catch (StratusException e)
        {
            return outcome with { Vm = null, Error = e };
        }
    }

    private async Task AbandonAsync(DomainRef domain, CancellationToken cancellationToken)
    {
        try
        {
            await host.CallAsync(connection => connection.Domains.ResumeAsync(domain, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StratusException or OperationCanceledException)
        {
            // Recovery lets it go.
        }
    }
}

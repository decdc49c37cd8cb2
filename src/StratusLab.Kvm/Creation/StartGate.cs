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

    private readonly ConcurrentDictionary<string, (DomainRef Domain, string Xml)> _held = new(StringComparer.Ordinal);

    /// <summary>Starts the guest, held. Of all who do this with one UUID at once, one succeeds.</summary>
    /// <exception cref="LibvirtServerException">The host refused, perhaps since there is such a domain.</exception>
    public async Task StartAsync(LibvirtConnection connection, DomainRef domain, string xml, CancellationToken cancellationToken)
    {
        _held[KeyOf(domain)] = (domain, xml);
        try
        {
            await connection.Domains.CreateTransientAsync(xml, DomainStartFlags.Paused, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtServerException)
        {
            Forget(domain);
            throw;
        }
    }

    public bool Holds(VmOutcome outcome) => outcome.Id is { } id && _held.ContainsKey(id.Key);

    /// <summary>Holds the guest no longer, and lets it not go.</summary>
    public void Forget(DomainRef domain) => _held.TryRemove(KeyOf(domain), out _);

    /// <summary>Lets the guests go, which ends their creation.</summary>
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
        await Task.WhenAll(_held.Values.Select(held => AbandonAsync(held.Domain, held.Xml, patience.Token))).ConfigureAwait(false);
    }

    private static string KeyOf(DomainRef domain) => domain.Uuid.ToString("D");

    private async Task<VmOutcome> LetGoAsync(VmOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            if (_held.TryGetValue(outcome.Id!.Value.Key, out var held))
            {
                await host.WithinPatienceAsync(
                    (connection, ct) => VmStart.FinishAsync(connection, held.Domain, held.Xml, ct), TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
                Forget(held.Domain);
            }

            return outcome;
        }
        catch (StratusException e)
        {
            return outcome with { Vm = null, Error = e };
        }
    }

    private async Task AbandonAsync(DomainRef domain, string xml, CancellationToken cancellationToken)
    {
        try
        {
            await host.CallAsync(connection => VmStart.FinishAsync(connection, domain, xml, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StratusException or OperationCanceledException)
        {
            // Recovery lets it go.
        }
    }
}

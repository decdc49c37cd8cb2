using System.Runtime.CompilerServices;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Starts and stops VMs on many hosts at once.</summary>
internal sealed class VmPower(HostRegistry hosts, VmWaiter waiter)
{
    public static void CheckTimeout(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero || timeout > TimeSpan.FromHours(1))
            throw new InvalidInputException("InvalidTimeout", $"A guest cannot be given {timeout} to shut down: use 0 to 1 hour.", "Timeout");
    }

    public IAsyncEnumerable<VmOutcome> ChangeAsync(IReadOnlyList<VmId> vms, PowerAction action, CancellationToken cancellationToken) => FanOut.RunAsync(
        [.. vms.Distinct().GroupBy(v => v.Host, StringComparer.OrdinalIgnoreCase).Select(group => (FanOut.Worker<VmOutcome>)(async (results, ct) =>
        {
            var open = group.ToDictionary(id => id.Key, StringComparer.Ordinal);
            var failure = HostErrors.NoOutcome(group.Key);
            await foreach (var (outcome, error) in HostStream.Guard(() => ChangeHostAsync(group.Key, [.. group], action, ct), group.Key, ct).ConfigureAwait(false))
            {
                failure = error ?? failure;
                if (outcome?.Id is { } id && open.Remove(id.Key)) await results.WriteAsync(outcome, ct).ConfigureAwait(false);
            }

            foreach (var id in open.Values) await results.WriteAsync(new VmOutcome { Id = id, Error = failure }, ct).ConfigureAwait(false);
        }))],
        cancellationToken: cancellationToken);

    public async IAsyncEnumerable<VmOutcome> StopAsync(IReadOnlyList<VmId> vms, StopOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CheckTimeout(options.Timeout);
        if (options.Force && options.Timeout == TimeSpan.Zero)
        {
            await foreach (var outcome in ChangeAsync(vms, PowerAction.PowerOff, cancellationToken).ConfigureAwait(false)) yield return outcome;
            yield break;
        }

        var asked = new List<VmId>();
        await foreach (var outcome in ChangeAsync(vms, PowerAction.Shutdown, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Succeeded && options.Wait) asked.Add(outcome.Id!.Value);
            else yield return outcome;
        }

        if (asked.Count == 0) yield break;
        var stubborn = new List<VmOutcome>();
        await foreach (var outcome in waiter.WaitAsync(asked, VmCondition.Stopped, options.Timeout, null, null, cancellationToken).ConfigureAwait(false))
        {
            if (outcome.Error?.ErrorId == VmWaiter.Timeout) stubborn.Add(outcome);
            else yield return outcome;
        }

        if (!options.Force)
        {
            foreach (var outcome in stubborn) yield return outcome with { Error = StillRunning(outcome, options.Timeout) };
            yield break;
        }

        await foreach (var outcome in ChangeAsync([.. stubborn.Select(o => o.Id!.Value)], PowerAction.PowerOff, cancellationToken).ConfigureAwait(false)) yield return outcome;
    }

    private static StratusException StillRunning(VmOutcome outcome, TimeSpan timeout)
    {
        var name = outcome.Vm?.Name ?? outcome.Id?.ToString();
        return new StratusException(
            "ShutdownTimeout",
            StratusErrorKind.Timeout,
            $"The guest of VM '{name}' was asked to shut down and has not within {timeout.TotalSeconds:0} s. It still runs; give it more time, or force the power off.") { Resource = name };
    }

    private async IAsyncEnumerable<VmOutcome> ChangeHostAsync(
        string host, IReadOnlyList<VmId> vms, PowerAction action, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var provider = await hosts.ConnectAsync(host, cancellationToken).ConfigureAwait(false);
        await foreach (var outcome in provider.ChangePowerAsync(vms, action, cancellationToken).ConfigureAwait(false)) yield return outcome;
    }
}

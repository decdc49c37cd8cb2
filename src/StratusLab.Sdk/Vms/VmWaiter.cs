using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Waits for many VMs at once: one question to each host for all its VMs, asked again after a while or when the host tells of a change.</summary>
internal sealed class VmWaiter(HostRegistry hosts, ConditionProbe probe, TimeProvider clock)
{
    /// <summary>The error id of a VM that did not get there in time.</summary>
    public const string Timeout = "WaitTimeout";

    private const int Probes = 64;
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(7);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<VmOutcome> WaitAsync(
        IReadOnlyList<VmId> vms,
        VmCondition condition,
        TimeSpan timeout,
        IProgress<SiteProgress>? progress,
        GuestAccess? access,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (timeout < TimeSpan.Zero || timeout > MaxTimeout)
            throw new InvalidInputException("InvalidTimeout", $"{timeout} cannot be waited: use 0 to {MaxTimeout.TotalDays:0} days.", "Timeout");
        var ids = vms.Distinct().ToList();
        var meter = new ProgressMeter(progress, $"Waiting for {Words(condition)}", ids.Count);
        var request = new Request(condition, timeout, clock.GetTimestamp(), access, meter);
        var workers = ids.GroupBy(v => v.Host, StringComparer.OrdinalIgnoreCase)
            .Select(group => (FanOut.Worker<VmOutcome>)((results, ct) => WaitOnHostAsync(group.Key, [.. group], request, results, ct)));
        await foreach (var outcome in FanOut.RunAsync([.. workers], cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            meter.Step();
            yield return outcome;
        }
    }

    private async Task WaitOnHostAsync(string host, IReadOnlyList<VmId> vms, Request request, ChannelWriter<VmOutcome> results, CancellationToken cancellationToken)
    {
        IComputeProvider provider;
        try
        {
            provider = await hosts.ConnectAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            foreach (var id in vms) await results.WriteAsync(new VmOutcome { Id = id, Error = e }, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var bell = new VmBell(provider, clock, deadline.Token);
        await using (bell.ConfigureAwait(false))
        {
            var pending = vms.ToDictionary(id => id.Key, id => new Pending(id), StringComparer.Ordinal);
            var pause = FirstPause;
            while (true)
            {
                await LookAsync(provider, pending, request, results, cancellationToken).ConfigureAwait(false);
                if (pending.Count == 0) return;
                request.Meter.Wait(Describe(pending.Values));
                var left = request.Timeout - clock.GetElapsedTime(request.Started);
                if (left <= TimeSpan.Zero) break;
                await bell.WaitAsync(left < pause ? left : pause, cancellationToken).ConfigureAwait(false);
                pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
            }

            await Parallel.ForEachAsync(pending.Values, Options(cancellationToken), async (p, ct) =>
            {
                var missing = await ConditionProbe.ExplainAsync(provider, p.Vm, request.Condition, p.Problem, ct).ConfigureAwait(false);
                await results.WriteAsync(new VmOutcome { Id = p.Id, Vm = p.Vm, Error = TimedOut(p, request, missing) }, ct).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
    }

    private async Task LookAsync(
        IComputeProvider provider, Dictionary<string, Pending> pending, Request request, ChannelWriter<VmOutcome> results, CancellationToken cancellationToken)
    {
        try
        {
            var query = new VmQuery { Keys = [.. pending.Keys], IncludeUnmanaged = true, WithAddresses = request.Condition is not VmCondition.Stopped };
            var waited = clock.GetElapsedTime(request.Started);
            var seen = new List<VirtualMachine>();
            await foreach (var vm in provider.ListAsync(query, cancellationToken).ConfigureAwait(false)) seen.Add(vm);
            foreach (var gone in pending.Keys.Except(seen.Select(v => v.Id.Key), StringComparer.Ordinal).ToList())
            {
                if (pending[gone].Vm is null && await MayBeListedLaterAsync(provider, waited, cancellationToken).ConfigureAwait(false))
                {
                    pending[gone].Verdict = Verdict.NotYet($"host '{pending[gone].Id.Host}' does not list it yet");
                    continue;
                }

                await results.WriteAsync(new VmOutcome { Id = pending[gone].Id, Error = NotFound(pending[gone]) }, cancellationToken).ConfigureAwait(false);
                pending.Remove(gone);
            }

            await Parallel.ForEachAsync(seen.Where(v => pending.ContainsKey(v.Id.Key)), Options(cancellationToken), async (vm, ct) =>
            {
                var item = pending[vm.Id.Key];
                item.Vm = vm;
                item.Verdict = await probe.JudgeAsync(provider, vm, request.Condition, request.Access, ct).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            foreach (var item in pending.Values) item.Verdict = Verdict.NotYet(e.Message);
        }

        foreach (var item in pending.Values.Where(p => p.Verdict.IsFinal).ToList())
        {
            pending.Remove(item.Id.Key);
            await results.WriteAsync(new VmOutcome { Id = item.Id, Vm = item.Vm, Error = item.Verdict.Error }, cancellationToken).ConfigureAwait(false);
        }
    }

    // Some hosts list a VM only some time after it was made.
    private static async Task<bool> MayBeListedLaterAsync(IComputeProvider provider, TimeSpan waited, CancellationToken cancellationToken) =>
        waited < (await provider.InspectAsync(cancellationToken).ConfigureAwait(false)).ListingDelay;

    private static ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = Probes, CancellationToken = cancellationToken };

    private static string Describe(IReadOnlyCollection<Pending> pending)
    {
        var first = pending.First();
        return pending.Count == 1 ? $"{first.Name}: {first.Problem}" : $"{pending.Count} VMs, first {first.Name}: {first.Problem}";
    }

    private static string Words(VmCondition condition) => condition switch
    {
        VmCondition.Running => "VMs to run",
        VmCondition.Address => "addresses",
        VmCondition.Ssh => "ssh",
        VmCondition.CloudInit => "cloud-init",
        VmCondition.Stopped => "VMs to stop",
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    private static StratusException TimedOut(Pending item, Request request, string missing) => new(
        Timeout,
        StratusErrorKind.Timeout,
        string.Create(CultureInfo.InvariantCulture, $"VM '{item.Name}' is not there after {request.Timeout.TotalSeconds:0.#} s of waiting for {request.Condition}: {missing}"))
    {
        Resource = item.Name,
        IsTransient = true,
    };

    private static StratusException NotFound(Pending item) =>
        new("VmNotFound", StratusErrorKind.NotFound, $"Host '{item.Id.Host}' has no VM '{item.Name}'.") { Resource = item.Name };

    private sealed record Request(VmCondition Condition, TimeSpan Timeout, long Started, GuestAccess? Access, ProgressMeter Meter);

    private sealed class Pending(VmId id)
    {
        public VmId Id => id;

        public VirtualMachine? Vm { get; set; }

        public Verdict Verdict { get; set; } = Verdict.NotYet("not looked at yet");

        public string Name => Vm?.Name ?? id.ToString();

        public string Problem => Verdict.Problem ?? "unknown";
    }
}

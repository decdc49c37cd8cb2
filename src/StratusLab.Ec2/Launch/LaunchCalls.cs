using System.Collections.Concurrent;
using StratusLab.Core;
using StratusLab.Ec2.Client;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Launch;

/// <summary>
/// Makes launches so that none happens twice. Each is written to the call journal before it is sent; where the answer is lost the same request is
/// sent again with the same token, for EC2 launches once per token; and while one call for a request is under way, none other is made for it, by
/// whichever process.
/// </summary>
/// <remarks>
/// An entry of the journal allows to send for <see cref="SendWindow"/> after it was written; who goes on longer writes it anew. So an open entry
/// that is older has been left behind, and what has not shown itself <see cref="ListingDelay"/> after the entry was written never will.
/// </remarks>
internal sealed class LaunchCalls(HostDefinition host, IEc2Client ec2, ICallJournal journal, TimeProvider clock)
{
    /// <summary>How long after it was written an entry allows its call to be sent.</summary>
    public static readonly TimeSpan SendWindow = TimeSpan.FromSeconds(30);

    /// <summary>How long after its entry was written a launch may not be listed yet.</summary>
    public static readonly TimeSpan ListingDelay = TimeSpan.FromSeconds(90);

    // For how long the answer to one launch is asked for, and for how long a throttled launch is asked for.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), ThrottlePatience = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250), LongestPause = TimeSpan.FromSeconds(10);

    private const int UnsentAttempts = 4;

    private readonly ConcurrentDictionary<long, bool> _mine = new();
    private readonly ConcurrentDictionary<long, Task> _underWay = new();

    /// <summary>The launches that were asked for on behalf of these requests, oldest first.</summary>
    public async Task<IReadOnlyList<LaunchRecord>> FindAsync(IReadOnlyCollection<Guid> requests, CancellationToken cancellationToken = default)
    {
        var calls = await journal.FindAsync(requests, cancellationToken).ConfigureAwait(false);
        return [.. calls.Where(call => call.Intent.Action == LaunchRecord.Action).Select(call => new LaunchRecord(call))];
    }

    /// <summary>Whether an open call may still be sent by whoever wrote it.</summary>
    public bool MayBeUnderWay(JournalledCall call) =>
        call.State == CallState.Open && (_mine.TryGetValue(call.Id, out var busy) ? busy : clock.GetUtcNow() - call.At < SendWindow);

    /// <summary>Waits for the answer to a call that a cancelled caller has left, as far as it is this provider's.</summary>
    public async Task EndedAsync(JournalledCall call, CancellationToken cancellationToken = default)
    {
        if (!_underWay.TryGetValue(call.Id, out var task)) return;
        await task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Writes what became of a call.</summary>
    public Task SettleAsync(JournalledCall call, CallState state, string outcome) => journal.SettleAsync(call.Id, state, outcome, CancellationToken.None);

    /// <summary>Makes a launch.</summary>
    /// <param name="order">What is asked for.</param>
    /// <param name="known">The calls that were found for these requests; any other means that somebody else is at it.</param>
    /// <param name="left">Calls for the same launch that were left behind with an outcome that is not known. This one takes their place.</param>
    /// <param name="cancellationToken">Ends the waiting. A request that was sent is listened to all the same, and its entry settled.</param>
    /// <exception cref="HostConnectionException">It is not known whether anything was launched; the entry stays open.</exception>
    public async Task<LaunchResult> MakeAsync(LaunchOrder order, IReadOnlySet<long> known, IReadOnlyList<JournalledCall> left, CancellationToken cancellationToken = default)
    {
        var sending = new Sending(order, known, await BeginAsync(order, cancellationToken).ConfigureAwait(false)) { IsInDoubt = left.Count > 0 };
        try
        {
            if (await IsForestalledAsync(sending).ConfigureAwait(false)) return await StepBackAsync(sending).ConfigureAwait(false);
            foreach (var call in left) await SettleAsync(call, CallState.Refused, $"Goes on as call {sending.Call.Id}.").ConfigureAwait(false);
            return await SendAsync(sending, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _mine[sending.Call.Id] = false;
        }
    }

    private async Task<JournalledCall> BeginAsync(LaunchOrder order, CancellationToken cancellationToken)
    {
        var call = await journal.BeginAsync(new CallIntent(LaunchRecord.Action, order.Token, order.Text, order.Requests), cancellationToken).ConfigureAwait(false);
        _mine[call.Id] = true;
        return call;
    }

    // Of two processes that have written their entries, the later sees the earlier one's, and steps back.
    private async Task<bool> IsForestalledAsync(Sending sending)
    {
        foreach (var other in await FindAsync(sending.Order.Requests, CancellationToken.None).ConfigureAwait(false))
        {
            if (other.Call.Id == sending.Call.Id || sending.Known.Contains(other.Call.Id)) continue;
            if (other.Call.State == CallState.Open && other.Call.Id < sending.Call.Id) return true;
            if (sending.Order.Requests.Any(request => other.MadeFor(request) is not null)) return true;
        }

        return false;
    }

    private async Task<LaunchResult> StepBackAsync(Sending sending)
    {
        await SettleAsync(sending.Call, CallState.Refused, "Not sent: another call for the same VMs is under way.").ConfigureAwait(false);
        return LaunchResult.Elsewhere;
    }

    private async Task<LaunchResult> SendAsync(Sending sending, CancellationToken cancellationToken)
    {
        var operation = new RunInstancesAgain { Parameters = sending.Order.Parameters };
        var began = clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            await ec2.WaitForTurnAsync(operation, cancellationToken).ConfigureAwait(false);
            if (!await RenewAsync(sending).ConfigureAwait(false)) return LaunchResult.Elsewhere;
            var error = await AttemptAsync(sending, operation, cancellationToken).ConfigureAwait(false);
            if (error is null) return LaunchResult.Launched(sending.Instances!);
            var elapsed = clock.GetElapsedTime(began);
            switch (error)
            {
                case HostRefusedException { Code: { } code } when Ec2ErrorCode.IsThrottling(code):
                    if (elapsed > ThrottlePatience) return await GiveUpAsync(sending, error).ConfigureAwait(false);
                    break;
                case HostRefusedException { Code: { } code } when !Ec2ErrorCode.MayHaveTakenEffect(code):
                    return await GiveUpAsync(sending, error, isVerdict: !Ec2ErrorCode.SaysNothingOfToken(code)).ConfigureAwait(false);
                case HostRefusedException or HostProtocolException or HostConnectionException { RequestState: not RequestState.NotSent }:
                    sending.IsInDoubt = true;
                    if (elapsed > Patience) return await GiveUpAsync(sending, error).ConfigureAwait(false);
                    break;
                case HostConnectionException:
                    if (sending.IsInDoubt ? elapsed > Patience : attempt >= UnsentAttempts) return await GiveUpAsync(sending, error).ConfigureAwait(false);
                    break;
                default:
                    // No credentials, and what else there is before anything is sent.
                    return await GiveUpAsync(sending, error).ConfigureAwait(false);
            }

            var pause = TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << Math.Min(attempt - 1, 10), LongestPause.Ticks));
            await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    // EC2 answers a request whose token it has launched for with that launch, so a refusal says that nothing was, unless it came before EC2 looked.
    private async Task<LaunchResult> GiveUpAsync(Sending sending, StratusException error, bool isVerdict = false)
    {
        if (sending.IsInDoubt && !isVerdict) throw VmErrors.LaunchUnknown(host, sending.Order.Token, error);
        await SettleAsync(sending.Call, CallState.Refused, error is HostRefusedException { Code: { } code } ? code : $"Not sent: {error.ErrorId}").ConfigureAwait(false);
        return LaunchResult.Refused(error);
    }

    private async Task<StratusException?> AttemptAsync(Sending sending, RunInstancesAgain operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = sending.Call.Id;
        var task = ReceiveAsync(sending, operation);
        _underWay[id] = task;
        _ = task.ContinueWith(_ => _underWay.TryRemove(id, out Task? _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    // Not cut short by the caller's cancellation: what was sent may be launched, and its answer is what tells.
    private async Task<StratusException?> ReceiveAsync(Sending sending, RunInstancesAgain operation)
    {
        try
        {
            var reservation = await ec2.SendOnceAsync(operation, CancellationToken.None).ConfigureAwait(false);
            sending.Instances = [.. reservation.Instances.OrderBy(instance => instance.AmiLaunchIndex)];
            await SettleAsync(sending.Call, CallState.Done, LaunchRecord.Outcome(sending.Instances)).ConfigureAwait(false);
            return null;
        }
        catch (StratusException e)
        {
            return e;
        }
    }

    // False where another process took the entry for left behind, and has gone on.
    private async Task<bool> RenewAsync(Sending sending)
    {
        if (clock.GetUtcNow() - sending.Call.At < SendWindow / 2) return true;
        var old = sending.Call;
        sending.Call = await BeginAsync(sending.Order, CancellationToken.None).ConfigureAwait(false);
        _mine[old.Id] = false;
        sending.Known = new HashSet<long>(sending.Known) { old.Id };
        var isOpen = (await FindAsync(sending.Order.Requests, CancellationToken.None).ConfigureAwait(false)).Any(record => record.Call.Id == old.Id && record.Call.State == CallState.Open);
        if (!isOpen || await IsForestalledAsync(sending).ConfigureAwait(false))
        {
            await StepBackAsync(sending).ConfigureAwait(false);
            return false;
        }

        await SettleAsync(old, CallState.Refused, $"Goes on as call {sending.Call.Id}.").ConfigureAwait(false);
        return true;
    }

    private sealed class Sending(LaunchOrder order, IReadOnlySet<long> known, JournalledCall call)
    {
        public LaunchOrder Order { get; } = order;

        public IReadOnlySet<long> Known { get; set; } = known;

        public JournalledCall Call { get; set; } = call;

        public bool IsInDoubt { get; set; }

        public IReadOnlyList<Instance>? Instances { get; set; }
    }
}

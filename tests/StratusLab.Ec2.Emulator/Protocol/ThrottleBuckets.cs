using System.Net;

namespace StratusLab.Ec2.Emulator.Protocol;

/// <summary>
/// The token buckets of one account in one region: one per action, and one per resource for launches and their like. Source of the mechanism
/// and of the figures for describing calls (100 tokens, 20 a second): "Request throttling for the Amazon EC2 API", EC2 developer guide. The
/// figures of the other actions are of the size met in practice; accounts differ.
/// </summary>
internal sealed class ThrottleBuckets(TimeProvider clock, int launchesAtOnce)
{
    private readonly Dictionary<string, (double Tokens, DateTimeOffset At)> _buckets = new(StringComparer.Ordinal);

    /// <summary>Takes a token for the call, and one per resource where the call has such a bucket.</summary>
    public void Take(QueryForm form)
    {
        var action = form.Action;
        var (size, rate) = Requests(action, form);
        Take(action, 1, size, rate);
        if (Resources(action) is { } resources)
            Take(action + " resources", action == "RunInstances" ? form.Int("MaxCount") ?? 1 : form.List("InstanceId").Count, resources.Size, resources.Rate);
    }

    private static (double Size, double Rate) Requests(string action, QueryForm form) => action switch
    {
        "RunInstances" or "StartInstances" => (5, 2),
        "CreateTags" or "DeleteTags" => (100, 10),
        "TerminateInstances" => (100, 5),
        "ModifyInstanceAttribute" => (50, 5),
        "GetConsoleOutput" => (50, 5),
        _ when action.StartsWith("Describe", StringComparison.Ordinal) => IsNarrow(form) ? (100, 20) : (50, 10),
        _ => (50, 5),
    };

    private (double Size, double Rate)? Resources(string action) => action switch
    {
        "RunInstances" or "StartInstances" => (launchesAtOnce, 2),
        "TerminateInstances" or "StopInstances" => (1000, 20),
        _ => null,
    };

    private static bool IsNarrow(QueryForm form) =>
        form["MaxResults"] is not null || form.All.Any(p => p.Key.StartsWith("Filter", StringComparison.Ordinal) || p.Key.Contains("Id.", StringComparison.Ordinal));

    private void Take(string bucket, int count, double size, double rate)
    {
        var now = clock.GetUtcNow();
        lock (_buckets)
        {
            var (tokens, at) = _buckets.GetValueOrDefault(bucket, (size, now));
            tokens = Math.Min(size, tokens + ((now - at).TotalSeconds * rate));
            var enough = tokens >= count;
            _buckets[bucket] = (enough ? tokens - count : tokens, now);
            if (!enough) throw new Ec2FaultException("RequestLimitExceeded", "Request limit exceeded.", HttpStatusCode.ServiceUnavailable);
        }
    }
}

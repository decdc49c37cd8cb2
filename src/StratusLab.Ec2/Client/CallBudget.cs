namespace StratusLab.Ec2.Client;

/// <summary>
/// Spaces calls so that EC2 need not refuse them. Source of the mechanism and the figures: "Request throttling for the Amazon EC2 API", EC2
/// developer guide. An account may have more or, with other programs at work, less: where EC2 refuses, calls go slower, and where it does not,
/// faster again up to the documented rate.
/// </summary>
/// <remarks>
/// Only calls are counted. What a launch takes of the bucket of 1,000 instances is left to EC2: a refusal costs nothing, and accounts that launch
/// much have larger ones.
/// </remarks>
internal sealed class CallBudget(TimeProvider clock)
{
    private const double Slowest = 0.25, Slower = 0.7, Faster = 1.3;

    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Waits until the call is within the budget, first come, first served.</summary>
    public Task TakeAsync(string action, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken = default)
    {
        double wait;
        lock (_buckets)
        {
            var bucket = Filled(action, parameters);
            bucket.Tokens--;
            wait = -bucket.Tokens / bucket.Rate;
        }

        return wait <= 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds(wait), clock, cancellationToken);
    }

    /// <summary>Notes that EC2 had enough.</summary>
    public void Refused(string action, IReadOnlyDictionary<string, string> parameters)
    {
        lock (_buckets)
        {
            var bucket = Filled(action, parameters);
            bucket.Tokens = Math.Min(bucket.Tokens, 0);
            bucket.Rate = Math.Max(bucket.Rate * Slower, bucket.Documented * Slowest);
        }
    }

    /// <summary>Notes that EC2 had not.</summary>
    public void Passed(string action, IReadOnlyDictionary<string, string> parameters)
    {
        lock (_buckets)
        {
            var bucket = Filled(action, parameters);
            bucket.Rate = Math.Min(bucket.Rate * Faster, bucket.Documented);
        }
    }

    private Bucket Filled(string action, IReadOnlyDictionary<string, string> parameters)
    {
        // Action and Version are always there.
        var isWide = parameters.Count == 2;
        var name = isWide ? action + " wide" : action;
        if (!_buckets.TryGetValue(name, out var bucket))
        {
            var (size, rate) = Limits(action, isWide);
            _buckets[name] = bucket = new Bucket { Size = size, Documented = rate, Tokens = size, Rate = rate, At = clock.GetTimestamp() };
        }

        bucket.Tokens = Math.Min(bucket.Size, bucket.Tokens + (clock.GetElapsedTime(bucket.At).TotalSeconds * bucket.Rate));
        bucket.At = clock.GetTimestamp();
        return bucket;
    }

    private static (double Size, double Rate) Limits(string action, bool isWide) => action switch
    {
        "RunInstances" or "StartInstances" => (5, 2),
        "CreateTags" or "DeleteTags" => (100, 10),
        "TerminateInstances" => (100, 5),
        "CopyImage" => (100, 1),
        _ when action.StartsWith("Describe", StringComparison.Ordinal) => isWide ? (50, 10) : (100, 20),
        _ => (50, 5),
    };

    private sealed class Bucket
    {
        public required double Size { get; init; }

        public required double Documented { get; init; }

        public required double Tokens { get; set; }

        public required double Rate { get; set; }

        public required long At { get; set; }
    }
}

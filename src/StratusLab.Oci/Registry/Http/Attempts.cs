namespace StratusLab.Oci;

/// <summary>Counts the attempts at one thing, and pauses between them.</summary>
internal sealed class Attempts(RegistryOptions options)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    // A registry that asks for more than this is not waited for: its users would rather know.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(5);

    private int _failed;

    /// <summary>Bytes moved: what failed before does not count any more.</summary>
    public void Reset() => _failed = 0;

    /// <summary>Waits until the next attempt may be made.</summary>
    /// <exception cref="RegistryException">There is none: the error is final, or it was the last attempt.</exception>
    public async Task PauseAsync(RegistryException error, CancellationToken cancellationToken)
    {
        if (!error.IsTransient) throw error;
        if (++_failed >= options.MaxAttempts) throw Final(error, $"It was tried {_failed} times.");
        if (error.RetryAfter > LongestRetryAfter) throw Final(error, $"The registry asks to come back in {error.RetryAfter.Value.TotalMinutes:0} min.");

        var doubled = options.RetryDelay * Math.Pow(2, _failed - 1);
        // Many clients that failed together must not come back together.
        var delay = TimeSpan.FromTicks(Math.Min(doubled.Ticks, LongestDelay.Ticks)) * (0.75 + (Random.Shared.NextDouble() / 2));
        if (error.RetryAfter > delay) delay = error.RetryAfter.Value;
        await Task.Delay(delay, options.Clock, cancellationToken).ConfigureAwait(false);
    }

    private static RegistryException Final(RegistryException error, string why) =>
        new(error.Kind, $"{error.Message} {why}", error) { Status = error.Status, Code = error.Code, RetryAfter = error.RetryAfter };
}

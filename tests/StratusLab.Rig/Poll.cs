namespace StratusLab.Rig;

/// <summary>Waits for a condition instead of sleeping for a fixed time.</summary>
public static class Poll
{
    /// <summary>Asks every 50 ms until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It stayed no; the message says what was waited for.</exception>
    public static async Task UntilAsync(
        string what, Func<CancellationToken, Task<bool>> condition, TimeSpan? within = null, CancellationToken cancel = default)
    {
        var limit = within ?? TimeSpan.FromMinutes(2);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limit);
        try
        {
            while (!await condition(deadline.Token))
                await Task.Delay(50, deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {limit.TotalSeconds:0} s for {what}.", e);
        }
    }

    /// <summary>The same for a condition that answers at once.</summary>
    public static Task UntilAsync(string what, Func<bool> condition, TimeSpan? within = null, CancellationToken cancel = default) =>
        UntilAsync(what, _ => Task.FromResult(condition()), within, cancel);
}

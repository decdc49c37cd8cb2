namespace StratusLab.Rig;

/// <summary>A clock that begins with the true time and runs faster, so that a test need not wait as long as its subject does.</summary>
/// <param name="speed">How much faster, 1 or more.</param>
/// <param name="origin">When it told the true time, so that several processes have the same clock; else now.</param>
public sealed class FastClock(double speed, DateTimeOffset? origin = null) : TimeProvider
{
    private readonly DateTimeOffset _start = origin is { } then ? then + ((System.GetUtcNow() - then) * speed) : System.GetUtcNow();
    private readonly long _timestamp = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => _start + (System.GetElapsedTime(_timestamp) * speed);

    public override long GetTimestamp() => _timestamp + (long)((System.GetTimestamp() - _timestamp) * speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period));

    private TimeSpan Scaled(TimeSpan time) => time > TimeSpan.Zero ? time / speed : time;
}

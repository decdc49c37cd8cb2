namespace StratusLab.Ec2.Tests;

/// <summary>A clock that stands until it is moved. Signatures bear the true time, so it is not to be moved by minutes.</summary>
internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Move(TimeSpan by) => _now += by;
}

namespace StratusLab.Kvm;

/// <summary>Sees that long work on a host goes on: it may take as long as it likes, but not stand still for longer than the host's patience.</summary>
internal sealed class Headway(HostConnection host)
{
    private ulong _last = ulong.MaxValue;
    private long _since = TimeProvider.System.GetTimestamp();

    /// <summary>Takes note of how far the work is.</summary>
    /// <exception cref="Core.HostConnectionException"><c>HostNotAnswering</c>: it has stood still for too long.</exception>
    public void Note(ulong done)
    {
        if (done != _last) _since = TimeProvider.System.GetTimestamp();
        else if (TimeProvider.System.GetElapsedTime(_since) > host.Patience) throw HostErrors.NotAnswering(host.Definition, host.Patience, cause: null);
        _last = done;
    }
}

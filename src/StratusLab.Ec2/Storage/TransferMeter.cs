using StratusLab.Core;

namespace StratusLab.Ec2.Storage;

/// <summary>Tells how far an upload is and how fast.</summary>
internal sealed class TransferMeter(string host, string name, long total, IProgress<TransferProgress>? progress, TimeProvider clock)
{
    private readonly long _begin = clock.GetTimestamp();
    private readonly Lock _gate = new();
    private long _done;
    private long _sent;

    /// <summary>Counts bytes that were sent.</summary>
    public void Add(long bytes)
    {
        lock (_gate)
        {
            _sent += bytes;
            Skip(bytes);
        }
    }

    /// <summary>Counts bytes that were there before.</summary>
    public void Skip(long bytes)
    {
        lock (_gate)
        {
            _done += bytes;
            var seconds = clock.GetElapsedTime(_begin).TotalSeconds;
            var rate = seconds > 0 ? _sent / seconds : 0;
            progress?.Report(new TransferProgress(host, name, new ByteSize(_done), new ByteSize(total), rate, rate > 0 ? TimeSpan.FromSeconds((total - _done) / rate) : null));
        }
    }
}

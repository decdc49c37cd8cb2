using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Shows the progress of a piece of work: how many of how many, and what is being waited for.</summary>
internal sealed class ProgressSink(IPipeline pipeline) : IProgress<SiteProgress>, IProgress<TransferProgress>, IDisposable
{
    private const int ActivityId = 1;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private long _shownAt;
    private string _activity = "Working";

    public void Report(SiteProgress value)
    {
        var record = new ProgressRecord(ActivityId, value.Activity, string.Create(CultureInfo.InvariantCulture, $"{value.Done} of {value.Total}"))
        {
            PercentComplete = Percent(value.Done, value.Total),
        };
        if (value.WaitingFor is { Length: > 0 } waitingFor)
            record.CurrentOperation = value.Fraction is { } fraction ? string.Create(CultureInfo.InvariantCulture, $"{waitingFor} ({fraction:P0})") : waitingFor;
        Show(record, value.Done == value.Total);
    }

    public void Report(TransferProgress value)
    {
        var rate = value.BytesPerSecond >= 1 ? $", {new ByteSize((long)value.BytesPerSecond)}/s" : string.Empty;
        var record = new ProgressRecord(ActivityId, $"Transferring {value.Name} ({value.Host})", $"{value.Done} of {value.Total}{rate}")
        {
            PercentComplete = Percent(value.Done.Bytes, value.Total.Bytes),
        };
        if (value.TimeLeft is { } left) record.SecondsRemaining = (int)Math.Min(left.TotalSeconds, int.MaxValue);
        Show(record, value.Done == value.Total);
    }

    public void Dispose()
    {
        if (_shownAt != 0) pipeline.ReportProgress(new ProgressRecord(ActivityId, _activity, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private static int Percent(long done, long total) => total > 0 ? (int)Math.Clamp(done * 100.0 / total, 0, 100) : -1;

    private void Show(ProgressRecord record, bool isLast)
    {
        var last = Interlocked.Read(ref _shownAt);
        if (!isLast && last != 0 && Stopwatch.GetElapsedTime(last) < Pause) return;
        if (Interlocked.CompareExchange(ref _shownAt, Stopwatch.GetTimestamp(), last) != last) return;
        _activity = record.Activity;
        pipeline.ReportProgress(record);
    }
}

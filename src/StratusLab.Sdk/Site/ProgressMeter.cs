using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Counts what is done of a piece of work, and says what is being sent meanwhile.</summary>
internal sealed class ProgressMeter(IProgress<SiteProgress>? progress, string activity, int total) : IProgress<TransferProgress>
{
    private int _done;

    /// <summary>One more is done, well or badly.</summary>
    public void Step() => Say(Interlocked.Increment(ref _done), null, null);

    /// <summary>Says what is being waited for.</summary>
    public void Wait(string waitingFor) => Say(Volatile.Read(ref _done), waitingFor, null);

    void IProgress<TransferProgress>.Report(TransferProgress value) => Say(
        Volatile.Read(ref _done),
        $"{value.Name} to {value.Host}: {value.Done} of {value.Total}",
        value.Total.Bytes > 0 ? (double)value.Done.Bytes / value.Total.Bytes : null);

    private void Say(int done, string? waitingFor, double? fraction) => progress?.Report(new SiteProgress(activity, done, total, waitingFor, fraction));
}

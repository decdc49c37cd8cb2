using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell;

/// <summary>Work of a cmdlet that goes on while its user does other things.</summary>
public sealed class StratusJob : Job
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Func<IPipeline, CancellationToken, Task> _work;
    private readonly Func<CancellationToken, Task<string?>> _describeRest;
    private Task _running = Task.CompletedTask;

    internal StratusJob(string command, Func<IPipeline, CancellationToken, Task> work, Func<CancellationToken, Task<string?>> describeRest)
        : base(command)
    {
        _work = work;
        _describeRest = describeRest;
        PSJobTypeName = nameof(StratusJob);
    }

    /// <inheritdoc/>
    public override bool HasMoreData =>
        Output.Count > 0 || Error.Count > 0 || Warning.Count > 0 || Verbose.Count > 0 || Progress.Count > 0;

    /// <inheritdoc/>
    public override string Location => "localhost";

    /// <inheritdoc/>
    public override string StatusMessage => string.Empty;

    /// <summary>Stops the work; what it left is in the job's warnings.</summary>
    public override void StopJob()
    {
        _stop.Cancel();
        PipelineBridge.Within(StopLimit, async cancel =>
        {
            await _running.WaitAsync(cancel).ConfigureAwait(false);
            return true;
        });
        if (!_running.IsCompleted) End(JobState.Stopped);
    }

    internal void Start()
    {
        SetJobState(JobState.Running);
        _running = Task.Run(WorkAsync);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _stop.Cancel();
        base.Dispose(disposing);
    }

    private async Task WorkAsync()
    {
        try
        {
            await _work(new JobPipeline(this), _stop.Token).ConfigureAwait(false);
            End(JobState.Completed);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await TellWhatIsLeftAsync().ConfigureAwait(false);
            End(JobState.Stopped);
        }
        catch (StratusException e)
        {
            Error.Add(e.ToErrorRecord());
            End(JobState.Failed);
        }
        catch (Exception e)
        {
            Error.Add(new ErrorRecord(e, "JobFailed", ErrorCategory.NotSpecified, null));
            End(JobState.Failed);
        }
    }

    private async Task TellWhatIsLeftAsync()
    {
        if (await _describeRest(CancellationToken.None).ConfigureAwait(false) is { } text) Warning.Add(new WarningRecord(text));
    }

    // A job that is at its end stays there.
    private void End(JobState state)
    {
        lock (_stop)
        {
            if (JobStateInfo.State == JobState.Running) SetJobState(state);
        }
    }
}

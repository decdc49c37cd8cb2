using System.Management.Automation;
using System.Security;

namespace StratusLab.PowerShell;

/// <summary>The pipeline as work in a job sees it: the job's own streams. Questions were asked before the job began.</summary>
internal sealed class JobPipeline(Job job) : IPipeline
{
    public ValueTask WriteAsync(object value)
    {
        job.Output.Add(PSObject.AsPSObject(value));
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteErrorAsync(ErrorRecord error)
    {
        job.Error.Add(error);
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteWarningAsync(string text)
    {
        job.Warning.Add(new WarningRecord(text));
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteVerboseAsync(string text)
    {
        job.Verbose.Add(new VerboseRecord(text));
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteWhatIfAsync(string text) => ValueTask.CompletedTask;

    public void ReportProgress(ProgressRecord progress) => job.Progress.Add(progress);

    public Task<bool> ShouldProcessAsync(string target, string action) => Task.FromResult(true);

    public Task<SecureString?> ReadPasswordAsync(string prompt) => Task.FromResult<SecureString?>(null);

    public Task<bool> ShouldContinueAsync(string query, string caption) => Task.FromResult(true);
}

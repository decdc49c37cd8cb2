using System.Management.Automation;
using System.Threading.Channels;

namespace StratusLab.PowerShell;

/// <summary>The pipeline as a worker sees it: every call is queued and done by the pipeline's own thread.</summary>
internal sealed class CmdletPipeline(ChannelWriter<Action<Cmdlet>> calls, CancellationToken stopping) : IPipeline
{
    public ValueTask WriteAsync(object value) => calls.WriteAsync(cmdlet => cmdlet.WriteObject(value), stopping);

    public ValueTask WriteErrorAsync(ErrorRecord error) => calls.WriteAsync(cmdlet => cmdlet.WriteError(error), stopping);

    public ValueTask WriteWarningAsync(string text) => calls.WriteAsync(cmdlet => cmdlet.WriteWarning(text), stopping);

    public ValueTask WriteVerboseAsync(string text) => calls.WriteAsync(cmdlet => cmdlet.WriteVerbose(text), stopping);

    public void ReportProgress(ProgressRecord progress) => calls.TryWrite(cmdlet => cmdlet.WriteProgress(progress));

    public Task<bool> ShouldProcessAsync(string target, string action) => AskAsync(cmdlet => cmdlet.ShouldProcess(target, action));

    public Task<bool> ShouldContinueAsync(string query, string caption) => AskAsync(cmdlet => cmdlet.ShouldContinue(query, caption));

    private async Task<bool> AskAsync(Func<Cmdlet, bool> question)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await calls.WriteAsync(cmdlet => answer.SetResult(question(cmdlet)), stopping).ConfigureAwait(false);
        return await answer.Task.WaitAsync(stopping).ConfigureAwait(false);
    }
}

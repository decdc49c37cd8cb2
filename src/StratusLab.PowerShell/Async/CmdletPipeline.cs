using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Threading.Channels;

namespace StratusLab.PowerShell;

/// <summary>The pipeline as a worker sees it: every call is queued and done by the pipeline's own thread.</summary>
internal sealed class CmdletPipeline(ChannelWriter<Action<Cmdlet>> calls, CancellationToken stopping) : IPipeline
{
    public ValueTask WriteAsync(object value) => calls.WriteAsync(cmdlet => cmdlet.WriteObject(value), stopping);

    public ValueTask WriteErrorAsync(ErrorRecord error) => calls.WriteAsync(cmdlet => cmdlet.WriteError(error), stopping);

    public ValueTask WriteWarningAsync(string text) => calls.WriteAsync(cmdlet => cmdlet.WriteWarning(text), stopping);

    public ValueTask WriteVerboseAsync(string text) => calls.WriteAsync(cmdlet => cmdlet.WriteVerbose(text), stopping);

    public ValueTask WriteWhatIfAsync(string text) => calls.WriteAsync(cmdlet => TellWhatIf((PSCmdlet)cmdlet, text), stopping);

    public void ReportProgress(ProgressRecord progress) => calls.TryWrite(cmdlet => cmdlet.WriteProgress(progress));

    public Task<bool> ShouldProcessAsync(string target, string action) => AskAsync(cmdlet => cmdlet.ShouldProcess(target, action));

    public Task<bool> ShouldContinueAsync(string query, string caption) => AskAsync(cmdlet => cmdlet.ShouldContinue(query, caption));

    public Task<SecureString?> ReadPasswordAsync(string prompt) => AskAsync(cmdlet => ReadPassword((PSCmdlet)cmdlet, prompt));

    // With -WhatIf, ShouldProcess says its text and asks nothing.
    private static void TellWhatIf(PSCmdlet cmdlet, string text)
    {
        var isWhatIf = cmdlet.MyInvocation.BoundParameters.TryGetValue("WhatIf", out var bound) ? bound : cmdlet.GetVariableValue("WhatIfPreference");
        if (LanguagePrimitives.IsTrue(isWhatIf)) cmdlet.ShouldProcess(text, text, string.Empty);
    }

    private static SecureString? ReadPassword(PSCmdlet cmdlet, string prompt)
    {
        // Where its input is no terminal, PowerShell's own host ends the whole pipeline without a word when it is asked.
        if (cmdlet.Host.Name == "ConsoleHost" && Console.IsInputRedirected) return null;
        try
        {
            if (cmdlet.Host.UI is not { } ui) return null;
            ui.Write($"{prompt}: ");
            return ui.ReadLineAsSecureString();
        }
        catch (Exception e) when (e is PSInvalidOperationException or HostException or NotImplementedException or InvalidOperationException)
        {
            // Not interactive, or a host without a keyboard.
            return null;
        }
    }

    private async Task<T> AskAsync<T>(Func<Cmdlet, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await calls.WriteAsync(cmdlet => answer.SetResult(question(cmdlet)), stopping).ConfigureAwait(false);
        return await answer.Task.WaitAsync(stopping).ConfigureAwait(false);
    }
}

using System.Management.Automation;
using System.Security;

namespace StratusLab.PowerShell;

/// <summary>
/// What work says to its user, wherever it runs: in a cmdlet, where each call reaches the pipeline's own thread, or in a job.
/// Awaiting a call is what slows the work down to the pace of the pipeline.
/// </summary>
internal interface IPipeline
{
    /// <summary>Writes an object to the output.</summary>
    ValueTask WriteAsync(object value);

    /// <summary>Writes a non-terminating error.</summary>
    ValueTask WriteErrorAsync(ErrorRecord error);

    /// <summary>Writes a warning.</summary>
    ValueTask WriteWarningAsync(string text);

    /// <summary>Writes to the verbose stream.</summary>
    ValueTask WriteVerboseAsync(string text);

    /// <summary>Says something about all objects together beside what <c>-WhatIf</c> says of each; nothing without it.</summary>
    ValueTask WriteWhatIfAsync(string text);

    /// <summary>Shows progress. Never waits: what the pipeline has no time for is left out.</summary>
    void ReportProgress(ProgressRecord progress);

    /// <summary>Asks whether to go on with one object, by the rules of <c>-WhatIf</c> and <c>-Confirm</c>.</summary>
    Task<bool> ShouldProcessAsync(string target, string action);

    /// <summary>Asks for a password; null where nobody can answer. Whoever calls disposes it.</summary>
    Task<SecureString?> ReadPasswordAsync(string prompt);

    /// <summary>Asks a question of its own.</summary>
    Task<bool> ShouldContinueAsync(string query, string caption);
}

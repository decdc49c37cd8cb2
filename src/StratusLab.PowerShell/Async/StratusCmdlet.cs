using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>A cmdlet that works on the site in use and can be stopped at any time.</summary>
public abstract class StratusCmdlet : PSCmdlet, IDisposable
{
    // What the account of a stopped cmdlet may take: the catalogue is asked, never a host.
    private static readonly TimeSpan AccountLimit = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancels what still runs: <c>Select-Object -First</c> ends a cmdlet by disposing it, without stopping it.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Ends what the cmdlet holds.</summary>
    /// <param name="disposing">Whether it is disposed rather than finalised.</param>
    protected virtual void Dispose(bool disposing)
    {
        // It is not disposed itself: PowerShell may stop a cmdlet while it disposes it.
        if (disposing) _stop.Cancel();
    }

    /// <summary>Runs work on the site beside the pipeline, and waits for it.</summary>
    private protected void Run(Func<IPipeline, StratusSite, CancellationToken, Task> work)
    {
        var session = SiteSession.Current;
        Run(async (pipeline, cancel) => await work(pipeline, await session.OpenAsync(cancel).ConfigureAwait(false), cancel).ConfigureAwait(false));
    }

    /// <summary>Runs work that needs no site beside the pipeline, and waits for it.</summary>
    private protected void Run(Func<IPipeline, CancellationToken, Task> work)
    {
        try
        {
            PipelineBridge.Run(this, work, _stop.Token);
        }
        catch (StratusException e)
        {
            WriteError(e.ToErrorRecord());
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            TellWhatIsLeft();
            throw new PipelineStoppedException();
        }
        catch
        {
            TellWhatIsLeft();
            throw;
        }
    }

    /// <summary>Writes what matches of a list in the site's catalogue, and an error for each literal name that is not in it.</summary>
    private protected void WriteMatches<T>(
        IEnumerable<string> names,
        Func<StratusSite, CancellationToken, IAsyncEnumerable<T>> items,
        Func<NamePatterns, T, bool> match,
        Func<string, ErrorRecord> notFound)
    {
        var patterns = new NamePatterns(names);
        try
        {
            PipelineBridge.Stream(this, ItemsAsync(SiteSession.Current), item => match(patterns, item), _stop.Token);
            foreach (var name in patterns.Unmatched) WriteError(notFound(name));
        }
        catch (StratusException e)
        {
            WriteError(e.ToErrorRecord());
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        async IAsyncEnumerable<T> ItemsAsync(SiteSession session)
        {
            var site = await session.OpenAsync(_stop.Token).ConfigureAwait(false);
            await foreach (var item in items(site, _stop.Token).ConfigureAwait(false)) yield return item;
        }
    }

    /// <summary>The file that the user means, from the shell's own current folder, which is not the process's; null if none is named.</summary>
    private protected string? FullPathOf(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>What stopped work left in which state; null if there is nothing to tell.</summary>
    private protected virtual Task<string?> DescribeRestAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>What is said where that does not become known in time; null if there is nothing to tell.</summary>
    private protected virtual string? RestUnknown => null;

    private void TellWhatIsLeft()
    {
        if (PipelineBridge.Within(AccountLimit, DescribeRestAsync, RestUnknown) is not { } text) return;
        try
        {
            WriteWarning(text);
        }
        catch (PipelineStoppedException)
        {
            // A stopped pipeline takes nothing any more, but the user must be told.
            Host.UI?.WriteWarningLine(text);
        }
    }
}

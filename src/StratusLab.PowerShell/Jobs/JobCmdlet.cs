using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>A cmdlet whose work may take long and can go on as a job.</summary>
public abstract class JobCmdlet : StratusCmdlet
{
    /// <summary>Start the work as a job and return it at once. What is to be confirmed is asked before.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <summary>Runs work beside the pipeline, or as a job if the user asked for one.</summary>
    private protected void RunOrStart(Func<IPipeline, StratusSite, CancellationToken, Task> work)
    {
        if (!AsJob)
        {
            Run(work);
            return;
        }

        var session = SiteSession.Current;
        var job = new StratusJob(
            MyInvocation.Line.Trim(),
            async (pipeline, cancel) => await work(pipeline, await session.OpenAsync(cancel).ConfigureAwait(false), cancel).ConfigureAwait(false),
            DescribeRestAsync);
        JobRepository.Add(job);
        WriteObject(job);
        job.Start();
    }
}

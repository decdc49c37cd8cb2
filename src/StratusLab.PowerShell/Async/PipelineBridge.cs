using System.Management.Automation;
using System.Threading.Channels;

namespace StratusLab.PowerShell;

/// <summary>
/// Where asynchronous work meets the pipeline's thread: the one place that blocks. A plain stream is read item by item;
/// work with progress, questions and errors runs beside the pipeline and talks to it through a bounded channel.
/// </summary>
internal static class PipelineBridge
{
    /// <summary>How long stopped work may take to put things in order before the user gets the prompt back.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    /// <summary>Writes those of a stream's items that are wanted, as they come.</summary>
    public static void Stream<T>(Cmdlet cmdlet, IAsyncEnumerable<T> items, Predicate<T> wanted, CancellationToken stopping)
    {
        foreach (var item in items.ToBlockingEnumerable(stopping))
        {
            if (wanted(item)) cmdlet.WriteObject(item);
        }
    }

    /// <summary>Runs work beside the pipeline until it ends. However the pipeline ends first, the work is cancelled.</summary>
    public static void Run(Cmdlet cmdlet, Func<IPipeline, CancellationToken, Task> work, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var ending = end.Token;
        var calls = Channel.CreateBounded<Action<Cmdlet>>(new BoundedChannelOptions(64) { SingleReader = true });
        var worker = Task.Run(() => WorkAsync(new CmdletPipeline(calls.Writer, ending)), CancellationToken.None);
        try
        {
            foreach (var call in calls.Reader.ReadAllAsync(ending).ToBlockingEnumerable(ending)) call(cmdlet);
        }
        catch
        {
            end.Cancel();
            Settle(worker, Grace);
            throw;
        }

        async Task WorkAsync(IPipeline pipeline)
        {
            try
            {
                await work(pipeline, ending).ConfigureAwait(false);
                calls.Writer.Complete();
            }
            catch (Exception e)
            {
                calls.Writer.Complete(e);
            }
        }
    }

    /// <summary>The answer if it comes in time, else another; for what must never be in the user's way.</summary>
    public static T? Within<T>(TimeSpan limit, Func<CancellationToken, Task<T>> question, T? otherwise = default)
    {
        using var timeout = new CancellationTokenSource(limit);
        var token = timeout.Token;
        var answer = Task.Run(() => question(token), token);
        Settle(answer, limit);
        return answer.IsCompletedSuccessfully ? answer.GetAwaiter().GetResult() : otherwise;
    }

    /// <summary>Waits for things to be closed, but not for ever.</summary>
    public static void Finish(Task closing) => Settle(closing, CloseLimit);

    // How the task ended is in the task; here only the time matters.
    private static void Settle(Task task, TimeSpan limit) => _ = Task.WhenAny(task, Task.Delay(limit)).GetAwaiter().GetResult();
}

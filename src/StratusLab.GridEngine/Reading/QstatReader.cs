using System.Globalization;
using System.Xml;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>Reads <c>qstat -xml</c>: running jobs below their queue instances, and those that wait.</summary>
internal sealed class QstatReader
{
    private readonly List<QueuedJob> _jobs = [];
    private readonly Dictionary<string, TimeSpan?> _limits = new(StringComparer.Ordinal);
    private QueuedJob? _job;
    private string _instance = string.Empty;

    /// <summary>What <c>qstat</c> is to be asked. With <c>-ext</c> it would tell projects and leave out times, without which nobody knows which jobs run.</summary>
    public static IReadOnlyList<string> Arguments { get; } = ["-u", "*", "-xml", "-r", "-f", "-F", "h_rt"];

    public static async Task<QstatReading> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = new QstatReader();
        await SafeXml.ReadAsync("qstat", "job_info", stream, reader.TakeAsync, cancellationToken).ConfigureAwait(false);
        return new QstatReading(reader._jobs, reader._limits);
    }

    private async Task TakeAsync(XmlReader xml, CancellationToken cancellationToken)
    {
        if (xml.NodeType is XmlNodeType.EndElement) Leave(xml.LocalName);
        if (xml.NodeType is not XmlNodeType.Element) return;
        switch (xml.LocalName)
        {
            case "queue_info" or "job_info" or "Queue-List":
                break;
            case "job_list":
                _job = new QueuedJob { Instance = _instance };
                break;
            default:
                var name = xml.LocalName;
                var of = xml.GetAttribute("name") ?? string.Empty;
                var text = await SafeXml.TextAsync(xml).ConfigureAwait(false);
                if (_job is { } job) Set(job, name, of, text);
                else if (name == "name") _instance = text;
                else if (name == "resource" && of == "h_rt") _limits[QueueOf(_instance)] = Quantity.Time(text);
                break;
        }
    }

    private void Leave(string name)
    {
        if (name == "Queue-List") _instance = string.Empty;
        if (name != "job_list" || _job is not { } job) return;
        if (job.Id <= 0 || job.State.Length == 0 || (job.StartedAt ?? job.SubmittedAt) is null) throw new HostProtocolException("GridEngineOutputInvalid", "What qstat wrote has a job without a number, a state or a time.");
        _jobs.Add(job);
        _job = null;
    }

    private static void Set(QueuedJob job, string name, string of, string text)
    {
        switch (name)
        {
            case "JB_job_number": job.Id = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0; break;
            case "JAT_prio": job.Priority = double.TryParse(text, CultureInfo.InvariantCulture, out var priority) ? priority : 0; break;
            case "JB_name": job.Name = text; break;
            case "full_job_name": job.Name = text; break;
            case "JB_owner": job.Owner = text; break;
            case "state": job.State = text; break;
            case "slots": job.Slots = Math.Max(1, Quantity.Count(text)); break;
            case "tasks": job.Tasks = text; break;
            case "JB_submission_time": job.SubmittedAt = Quantity.At(text); break;
            case "JAT_start_time": job.StartedAt = Quantity.At(text); break;
            case "queue_name" when text.Length > 0: job.Instance = text; break;
            case "requested_pe": (job.ParallelEnvironment, job.ParallelRange) = (of, text); break;
            case "hard_request": job.Requests[of] = text; break;
            case "hard_req_queue": job.Queues.Add(text); break;
            default: break;
        }
    }

    private static string QueueOf(string instance) => instance.Split('@')[0];
}

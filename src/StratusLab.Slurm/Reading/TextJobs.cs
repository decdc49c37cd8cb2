using System.Globalization;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Reads jobs from <c>squeue -O</c>, where Slurm was built without JSON or is older than its JSON.</summary>
internal static class TextJobs
{
    // The unit separator of ASCII, which no name holds.
    private const char Separator = '\u001f';
    private const int MaxLine = 1 << 20;

    private static readonly string[] Fields =
    [
        "JobArrayID", "HetJobID", "HetJobOffset", "UserName", "Account", "State", "Reason", "Partition", "NumNodes", "NumCPUs", "MinCpus", "NumTasks", "MinMemory",
        "tres-per-node", "tres-per-job", "tres-per-task", "tres-per-socket", "tres-alloc", "OverSubscribe", "Feature", "NodeList", "SubmitTime", "StartTime", "TimeLimit",
        "PriorityLong", "Name",
    ];

    /// <summary>What <c>squeue</c> is to be asked.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
        ["--noheader", "--all", "--Format=" + string.Join(',', Fields.Select(field => $"{field}:{Separator}"))];

    public static async Task<List<SlurmJob>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var jobs = new List<SlurmJob>();
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 64 << 10, leaveOpen: true);
        var number = 0;
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            number++;
            if (line.Length == 0) continue;
            var job = Read(line, number);
            if (!SlurmJobState.HasEnded(job.States)) jobs.Add(job);
        }

        return jobs;
    }

    private static SlurmJob Read(string line, int number)
    {
        var values = line.Length > MaxLine ? [] : line.Split(Separator);
        if (values.Length < Fields.Length) throw Invalid(number, $"has {values.Length} fields and not {Fields.Length}");
        string Value(string field) => values[Array.IndexOf(Fields, field)] is var value && value is "N/A" or "(null)" or "n/a" ? string.Empty : value;
        int Count(string field) => int.TryParse(Value(field).Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

        var (id, task, tasks, component) = Identity(Value("JobArrayID"), number);
        var tres = Value("tres-alloc");
        var nodes = Math.Max(1, Count("NumNodes"));
        return new SlurmJob
        {
            Id = id,
            ArrayTask = task,
            ArrayTasks = tasks,
            Component = component,
            Name = Value("Name"),
            User = Value("UserName"),
            Account = Value("Account"),
            States = Value("State").Split(',', StringSplitOptions.RemoveEmptyEntries),
            Reason = Value("Reason"),
            Partitions = Value("Partition"),
            Nodes = nodes,
            Cpus = Count("NumCPUs"),
            MinCpusPerNode = Count("MinCpus"),
            Tasks = Count("NumTasks"),

            // squeue does not say whether what was asked for is meant for a node or for a CPU: the sum over all nodes is clear.
            MemoryPerNode = SlurmTres.MiB(Value("MinMemory")) == 0 ? 0 : (SlurmTres.Memory(tres) + nodes - 1) / nodes,
            TresPerNode = Value("tres-per-node"),
            TresPerJob = Value("tres-per-job"),
            TresPerTask = Value("tres-per-task"),
            TresPerSocket = Value("tres-per-socket"),
            Tres = tres,
            IsExclusive = Value("OverSubscribe") is "NO" or "USER" or "MCS",
            Features = Value("Feature"),
            NodeList = Value("NodeList"),
            SubmittedAt = SlurmText.Time(Value("SubmitTime")),
            StartedAt = SlurmText.Time(Value("StartTime")),
            TimeLimit = SlurmTimeLimit.Parse(Value("TimeLimit")),
            Priority = double.TryParse(Value("PriorityLong"), NumberStyles.Float, CultureInfo.InvariantCulture, out var priority) ? priority : 0,
        };
    }

    // 7, 5_1, 5_[2-8,10%2], 13+0
    private static (long Id, long? Task, string Tasks, int? Component) Identity(string text, int number)
    {
        var mark = text.IndexOfAny(['_', '+']);
        var rest = mark < 0 ? string.Empty : text[(mark + 1)..];
        if (!long.TryParse(mark < 0 ? text : text[..mark], NumberStyles.None, CultureInfo.InvariantCulture, out var id)) throw Invalid(number, $"has '{text}' for a job's number");
        if (mark < 0) return (id, null, string.Empty, null);
        if (text[mark] == '+') return (id, null, string.Empty, int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var component) ? component : 0);
        return long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var task) ? (id, task, string.Empty, null) : (id, null, rest.Trim('[', ']'), null);
    }

    private static HostProtocolException Invalid(int line, string why) => new("SlurmOutputInvalid", $"Line {line} of what squeue wrote {why}.");
}

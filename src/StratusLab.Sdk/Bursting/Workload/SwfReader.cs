using System.Globalization;
using System.Runtime.CompilerServices;

namespace StratusLab.Sdk;

/// <summary>
/// Reads the Standard Workload Format, version 2 (Feitelson and others, Parallel Workloads Archive): 18 numbers in a line, -1 for what is not
/// known, comments and header fields after a semicolon. What the format allows to be missing is filled in as it says: processors asked for from
/// those given, no time limit where none is told. Jobs that never ran, and the parts of jobs that were checkpointed, are passed over.
/// </summary>
internal sealed class SwfReader(WorkloadLines lines) : IWorkloadReader
{
    private const int FieldCount = 18;
    private static readonly string[] FieldNames =
    [
        "job number", "submit time", "wait time", "run time", "allocated processors", "average CPU time", "used memory", "requested processors", "requested time",
        "requested memory", "status", "user", "group", "executable", "queue", "partition", "preceding job", "think time",
    ];

    private readonly double[] _fields = new double[FieldCount];
    private DateTimeOffset _start = DateTimeOffset.UnixEpoch;
    private int? _maxProcessors;
    private int? _maxNodes;

    public int? MaxNodes => _maxNodes ?? _maxProcessors;

    public int SkippedCount { get; private set; }

    public async IAsyncEnumerable<WorkloadJob> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await lines.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            var text = line.AsSpan().Trim();
            if (text.IsEmpty) continue;
            if (text[0] == ';')
            {
                ReadHeader(text[1..].Trim());
                continue;
            }

            ReadFields(text);
            if (ToJob() is { } job) yield return job;
            else SkippedCount++;
        }
    }

    private void ReadHeader(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        if (colon < 0) return;
        var label = text[..colon].Trim();
        var value = text[(colon + 1)..].Trim();
        if (label is "UnixStartTime" && long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var start) && start is > 0 and < 100_000_000_000)
            _start = DateTimeOffset.FromUnixTimeSeconds(start);
        else if (label is "MaxNodes" && int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var nodes) && nodes > 0)
            _maxNodes = nodes;
        else if (label is "MaxProcs" && int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var processors) && processors > 0)
            _maxProcessors = processors;
    }

    private void ReadFields(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var range in text.SplitAny(' ', '\t'))
        {
            var field = text[range];
            if (field.IsEmpty) continue;
            if (count == FieldCount) throw lines.Wrong($"it has more than the {FieldCount} fields of the Standard Workload Format");
            if (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value) || Math.Abs(value) > 1e12)
                throw lines.Wrong($"field {count + 1} ({FieldNames[count]}) is {WorkloadLines.Quote(field)}, not a number", FieldNames[count]);
            _fields[count++] = value;
        }

        if (count < FieldCount) throw lines.Wrong($"it has {count} of the {FieldCount} fields of the Standard Workload Format; what is not known is written as -1");
        if (_fields[1] < 0) throw lines.Wrong("its submit time is negative; times count from the start of the trace", FieldNames[1]);
        foreach (var field in (ReadOnlySpan<int>)[3, 8])
            if (_fields[field] is < 0 and not -1) throw lines.Wrong($"its {FieldNames[field]} is negative; -1 stands for not known", FieldNames[field]);
    }

    private WorkloadJob? ToJob()
    {
        var (run, allocated, requested, limit, status) = (_fields[3], _fields[4], _fields[7], _fields[8], (int)_fields[10]);

        // 2 to 4 are the parts of a checkpointed job, whose whole has a line of its own.
        var processors = requested > 0 ? requested : allocated;
        if (run < 0 || processors < 1 || status is 2 or 3 or 4) return null;
        if (processors > 10_000_000) throw lines.Wrong($"it has {processors} processors, which no machine has", FieldNames[7]);
        return new WorkloadJob
        {
            Id = ((long)_fields[0]).ToString(CultureInfo.InvariantCulture),
            SubmittedAt = _start.AddSeconds(_fields[1]),
            RunTime = TimeSpan.FromSeconds(run),
            TimeLimit = limit > 0 ? TimeSpan.FromSeconds(limit) : null,
            Processors = (int)processors,
            User = _fields[11] >= 0 ? ((long)_fields[11]).ToString(CultureInfo.InvariantCulture) : string.Empty,
        };
    }
}

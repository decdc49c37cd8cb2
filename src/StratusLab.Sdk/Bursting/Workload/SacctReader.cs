using System.Globalization;
using System.Runtime.CompilerServices;

namespace StratusLab.Sdk;

/// <summary>
/// Reads what <c>sacct --parsable2 --format=JobID,Submit,Start,End,Timelimit,NNodes,NCPUS,State,User</c> writes (sacct(1)): fields by the names
/// of its first line, in any order, others among them. Times are UTC, as of <c>TZ=UTC sacct</c>, or seconds since 1970, as of
/// <c>SLURM_TIME_FORMAT=%s</c>. Steps of jobs, jobs that never started and jobs that still run are passed over.
/// </summary>
internal sealed class SacctReader(WorkloadLines lines) : IWorkloadReader
{
    private static readonly string[] Needed = ["JobID", "Submit", "Start", "End", "NNodes|AllocNodes|NCPUS|AllocCPUS"];

    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);

    public int? MaxNodes => null;

    public int SkippedCount { get; private set; }

    public async IAsyncEnumerable<WorkloadJob> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReadHeader(await lines.ReadAsync(cancellationToken).ConfigureAwait(false) ?? string.Empty);
        while (await lines.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var fields = line.Split('|');
            if (fields.Length != _columns.Count) throw lines.Wrong($"it has {fields.Length} fields and the first line names {_columns.Count}; write the file with sacct --parsable2");
            var id = Field(fields, "JobID")!;
            if (id.Contains('.', StringComparison.Ordinal)) continue;
            if (ToJob(fields, id) is { } job) yield return job;
            else SkippedCount++;
        }
    }

    private void ReadHeader(string line)
    {
        foreach (var (i, name) in line.Split('|').Index())
            if (!_columns.TryAdd(name.Trim(), i)) throw lines.Wrong($"the first line names {WorkloadLines.Quote(name)} twice", name);
        foreach (var column in Needed)
            if (!column.Split('|').Any(_columns.ContainsKey)) throw lines.Wrong($"the first line names no field {column.Replace("|", " or ", StringComparison.Ordinal)}; write the file with sacct --parsable2 and without --noheader", column);
    }

    private WorkloadJob? ToJob(string[] fields, string id)
    {
        var submitted = Time(fields, "Submit") ?? throw lines.Wrong("it does not say when the job was submitted", "Submit");
        if (Time(fields, "Start") is not { } start || Time(fields, "End") is not { } end) return null;
        if (start < submitted) throw lines.Wrong("the job started before it was submitted", "Start");
        if (end < start) throw lines.Wrong("the job ended before it started", "End");
        var nodes = Count(fields, "NNodes") ?? Count(fields, "AllocNodes");
        var processors = Count(fields, "NCPUS") ?? Count(fields, "AllocCPUS") ?? nodes;
        if (processors is null or 0 || nodes is 0) return null;
        return new WorkloadJob
        {
            Id = id,
            SubmittedAt = submitted,
            RunTime = end - start,
            TimeLimit = Limit(fields),
            Processors = processors.Value,
            Nodes = nodes,
            User = Field(fields, "User") ?? string.Empty,
        };
    }

    private string? Field(string[] fields, string column) => _columns.TryGetValue(column, out var at) ? fields[at].Trim() : null;

    private DateTimeOffset? Time(string[] fields, string column)
    {
        var text = Field(fields, column)!;
        if (text is "" or "Unknown" or "None" or "N/A") return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 100_000_000_000) return DateTimeOffset.FromUnixTimeSeconds(seconds);
        return DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw lines.Wrong($"{column} is {WorkloadLines.Quote(text)}, not a time such as 2026-03-01T12:00:00", column);
    }

    private int? Count(string[] fields, string column)
    {
        if (Field(fields, column) is not { Length: > 0 } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw lines.Wrong($"{column} is {WorkloadLines.Quote(text)}, not a number", column);
    }

    // [days-]hours:minutes:seconds, as sacct writes it.
    private TimeSpan? Limit(string[] fields)
    {
        if (Field(fields, "Timelimit") is not { Length: > 0 } text || text is "UNLIMITED" or "Partition_Limit" or "INVALID") return null;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var days = 0;
        var isRight = (dash < 0 || int.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out days)) && days < 100_000;
        if (isRight && TimeSpan.TryParseExact(text.AsSpan(dash + 1), ["hh\\:mm\\:ss", "h\\:mm\\:ss", "mm\\:ss"], CultureInfo.InvariantCulture, out var rest)) return TimeSpan.FromDays(days) + rest;
        throw lines.Wrong($"Timelimit is {WorkloadLines.Quote(text)}, not a time such as 1-12:00:00", "Timelimit");
    }
}

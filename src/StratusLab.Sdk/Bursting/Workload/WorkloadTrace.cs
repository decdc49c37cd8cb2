using System.IO.Compression;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What a centre was asked for over a time: jobs in the order of their submission.</summary>
public sealed record WorkloadTrace
{
    private static readonly byte[] GzipMagic = [0x1f, 0x8b];

    /// <summary>Its name, such as that of its file.</summary>
    public required string Name { get; init; }

    /// <summary>The jobs, sorted by submission.</summary>
    public required IReadOnlyList<WorkloadJob> Jobs { get; init; }

    /// <summary>Nodes of the centre that it comes from; null if it does not tell.</summary>
    public int? MaxNodes { get; init; }

    /// <summary>Records that were passed over because the job never ran, or had no processors.</summary>
    public int SkippedCount { get; init; }

    /// <summary>Reads a trace: the Standard Workload Format, or what <c>sacct --parsable2</c> writes with a header; either may be compressed with gzip.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidWorkload</c>, with the line.</exception>
    /// <exception cref="StratusException"><c>WorkloadNotReadable</c>.</exception>
    public static async Task<WorkloadTrace> LoadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using (file.ConfigureAwait(false))
            {
                var magic = new byte[2];
                var isGzip = await file.ReadAtLeastAsync(magic, 2, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) == 2 && magic.AsSpan().SequenceEqual(GzipMagic);
                file.Position = 0;
                using var text = new StreamReader(isGzip ? new GZipStream(file, CompressionMode.Decompress) : file);
                return await ReadAsync(text, Path.GetFileName(path), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new StratusException("WorkloadNotReadable", e is FileNotFoundException or DirectoryNotFoundException ? StratusErrorKind.NotFound : StratusErrorKind.Failed, $"The trace '{path}' cannot be read: {e.Message}", e) { Resource = path };
        }
    }

    /// <summary>Reads a trace from a text, by what its first line looks like.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="InvalidInputException"><c>InvalidWorkload</c>, with the line.</exception>
    public static async Task<WorkloadTrace> ReadAsync(TextReader text, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = new WorkloadLines(text, name);
        var first = await lines.PeekAsync(cancellationToken).ConfigureAwait(false);
        IWorkloadReader reader = first?.Contains('|', StringComparison.Ordinal) == true ? new SacctReader(lines) : new SwfReader(lines);
        List<WorkloadJob> jobs = [];
        await foreach (var job in reader.ReadAsync(cancellationToken).ConfigureAwait(false)) jobs.Add(job);
        if (jobs.Count == 0) throw lines.Wrong("it holds no job that ran");
        return new WorkloadTrace { Name = name, Jobs = Sorted(jobs), MaxNodes = reader.MaxNodes, SkippedCount = reader.SkippedCount };
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    // Stable, so that jobs of one moment stay in the trace's own order.
    private static List<WorkloadJob> Sorted(List<WorkloadJob> jobs)
    {
        for (var i = 1; i < jobs.Count; i++)
            if (jobs[i].SubmittedAt < jobs[i - 1].SubmittedAt) return [.. jobs.OrderBy(j => j.SubmittedAt)];
        return jobs;
    }
}

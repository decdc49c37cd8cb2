using System.Globalization;
using System.Text.Json;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Reads a request as the hook wrote it.</summary>
internal static class RequestFile
{
    private const long MaxSize = 64 << 20;

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidInputException"><c>SlurmRequestInvalid</c>: with the file and the field.</exception>
    public static async Task<SlurmRequest> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 4096, FileOptions.Asynchronous);
        await using (stream.ConfigureAwait(false))
        {
            if (stream.Length > MaxSize) throw Invalid(path, "size", $"is {stream.Length} bytes, more than {MaxSize}", null);
            try
            {
                using var document = await JsonDocument.ParseAsync(stream, default, cancellationToken).ConfigureAwait(false);
                return Read(path, document.RootElement);
            }
            catch (JsonException e)
            {
                throw Invalid(path, "content", "is no JSON", e);
            }
        }
    }

    private static SlurmRequest Read(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Invalid(path, "content", "is no object", null);
        if (root.Whole("version") != 1) throw Invalid(path, "version", "is not 1: it was written by the hook of another version", null);
        var kind = root.Text("verb") switch
        {
            "resume" => SlurmRequestKind.Resume,
            "suspend" => SlurmRequestKind.Suspend,
            "resume-fail" => SlurmRequestKind.ResumeFail,
            var verb => throw Invalid(path, "verb", $"is '{verb}' and not resume, suspend or resume-fail", null),
        };
        var at = root.Time("at") ?? throw Invalid(path, "at", "is no time in seconds since 1970", null);
        try
        {
            var nodes = SlurmRange.Expand(root.Text("nodes"));
            if (nodes.Count == 0) throw Invalid(path, "nodes", "is empty", null);
            return new SlurmRequest { Id = Path.GetFileName(path), Kind = kind, Nodes = nodes, At = at, Jobs = Jobs(root.Text("resumeFile")) };
        }
        catch (InvalidInputException e) when (e.ErrorId == "HostListInvalid")
        {
            throw Invalid(path, "nodes", "is no list of nodes: " + e.Message, e);
        }
    }

    // What Slurm says of the jobs only helps to explain: without it the request stands all the same.
    private static List<SlurmResumeJob> Jobs(string packed)
    {
        try
        {
            if (packed.Length == 0) return [];
            using var document = JsonDocument.Parse(Convert.FromBase64String(packed));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("jobs", out var jobs) && jobs.ValueKind == JsonValueKind.Array
                ? [.. jobs.EnumerateArray().Where(job => job.ValueKind == JsonValueKind.Object).Select(Job)]
                : [];
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidInputException)
        {
            return [];
        }
    }

    // Slurm 22.05 has one list of nodes, those to be resumed, where later releases have two.
    private static SlurmResumeJob Job(JsonElement job)
    {
        var only = job.Text("nodes");
        return new(
            job.Whole("job_id").ToString(CultureInfo.InvariantCulture),
            job.Text("partition"),
            SlurmRange.Expand(only.Length > 0 ? only : job.Text("nodes_alloc")),
            SlurmRange.Expand(only.Length > 0 ? only : job.Text("nodes_resume")),
            job.Text("features"));
    }

    private static InvalidInputException Invalid(string path, string field, string why, Exception? cause) =>
        new("SlurmRequestInvalid", $"The request file '{path}' cannot be used: its {field} {why}.", field, cause) { Resource = path };
}

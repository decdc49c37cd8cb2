using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;

namespace StratusLab.Ec2.Emulator.Model;

/// <summary>The description of the EC2 API that botocore ships; the judge of requests and answers.</summary>
public sealed class ServiceModel
{
    private const string File = "botocore/data/ec2/2016-11-15/service-2.json";
    private static readonly Lazy<ServiceModel?> Found = new(() => Candidates().FirstOrDefault(System.IO.File.Exists) is { } path ? new ServiceModel(path) : null);

    private readonly JsonElement _operations;

    // An answer with a thousand instances has some hundred thousand parts, and the document would be searched from one end for each.
    private readonly Dictionary<string, JsonElement> _shapes;
    private readonly ConcurrentDictionary<string, ReplyShape> _replies = new(StringComparer.Ordinal);

    private ServiceModel(string path)
    {
        using var file = System.IO.File.OpenRead(path);
        using var json = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        var root = JsonDocument.Parse(json).RootElement;
        _operations = root.GetProperty("operations");
        _shapes = root.GetProperty("shapes").EnumerateObject().ToDictionary(shape => shape.Name, shape => shape.Value, StringComparer.Ordinal);
    }

    /// <summary>The model of Debian's python3-botocore; null where that is not installed.</summary>
    public static ServiceModel? Installed => Found.Value;

    public bool Knows(string action) => _operations.TryGetProperty(action, out _);

    public JsonElement? Input(string action) => Side(action, "input") is { } name ? Shape(name) : null;

    /// <summary>What a call answers; null if nothing.</summary>
    public ReplyShape? Output(string action) => Side(action, "output") is { } name ? Reply(name) : null;

    public JsonElement Shape(string name) => _shapes[name];

    /// <summary>A shape as it stands in answers.</summary>
    public ReplyShape Reply(string name) => _replies.GetOrAdd(name, ReadReply);

    private ReplyShape ReadReply(string name)
    {
        var shape = Shape(name);
        var members = shape.TryGetProperty("members", out var all)
            ? all.EnumerateObject().ToDictionary(m => m.Value.TryGetProperty("locationName", out var wire) ? wire.GetString()! : m.Name, m => m.Value.GetProperty("shape").GetString()!, StringComparer.Ordinal)
            : [];
        return new ReplyShape(shape.GetProperty("type").GetString()!, members, shape.TryGetProperty("member", out var item) ? item.GetProperty("shape").GetString() : null);
    }

    private string? Side(string action, string side) =>
        _operations.GetProperty(action).TryGetProperty(side, out var reference) ? reference.GetProperty("shape").GetString() : null;

    private static IEnumerable<string> Candidates()
    {
        foreach (var folder in (string[])["/usr/lib/python3/dist-packages", "/usr/local/lib/python3/dist-packages"])
        {
            yield return $"{folder}/{File}";
            yield return $"{folder}/{File}.gz";
        }
    }
}

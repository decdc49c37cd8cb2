using System.IO.Compression;
using System.Text.Json;

namespace StratusLab.Ec2.Emulator.Model;

/// <summary>The description of the EC2 API that botocore ships; the judge of requests and answers.</summary>
public sealed class ServiceModel
{
    private const string File = "botocore/data/ec2/2016-11-15/service-2.json";
    private static readonly Lazy<ServiceModel?> Found = new(() => Candidates().FirstOrDefault(System.IO.File.Exists) is { } path ? new ServiceModel(path) : null);

    private readonly JsonElement _operations;
    private readonly JsonElement _shapes;

    private ServiceModel(string path)
    {
        using var file = System.IO.File.OpenRead(path);
        using var json = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        var root = JsonDocument.Parse(json).RootElement;
        _operations = root.GetProperty("operations");
        _shapes = root.GetProperty("shapes");
    }

    /// <summary>The model of Debian's python3-botocore; null where that is not installed.</summary>
    public static ServiceModel? Installed => Found.Value;

    public bool Knows(string action) => _operations.TryGetProperty(action, out _);

    public JsonElement? Input(string action) => Side(action, "input");

    public JsonElement? Output(string action) => Side(action, "output");

    public JsonElement Shape(string name) => _shapes.GetProperty(name);

    private JsonElement? Side(string action, string side) =>
        _operations.GetProperty(action).TryGetProperty(side, out var reference) ? Shape(reference.GetProperty("shape").GetString()!) : null;

    private static IEnumerable<string> Candidates()
    {
        foreach (var folder in (string[])["/usr/lib/python3/dist-packages", "/usr/local/lib/python3/dist-packages"])
        {
            yield return $"{folder}/{File}";
            yield return $"{folder}/{File}.gz";
        }
    }
}

using System.Globalization;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Reads nodes from <c>scontrol show nodes --oneliner</c>, which has no JSON before Slurm 23.02.</summary>
internal static class TextNodes
{
    // What scontrol puts behind a state: does not answer, powering down, powered down, powering up, rebooting, planned, …
    private const string Marks = "*~#%$@^!-";

    public static async Task<List<SlurmNode>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var nodes = new List<SlurmNode>();
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 64 << 10, leaveOpen: true);
        var number = 0;
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            number++;
            if (line.Length == 0 || line.StartsWith("No nodes", StringComparison.Ordinal)) continue;
            nodes.Add(Read(SlurmText.Fields(line), number));
        }

        return nodes;
    }

    private static SlurmNode Read(Dictionary<string, string> fields, int number)
    {
        string Value(string field) => fields.GetValueOrDefault(field, string.Empty);
        long Whole(string field) => long.TryParse(Value(field), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        string[] List(string field) => Value(field).Split(',', StringSplitOptions.RemoveEmptyEntries);

        if (Value("NodeName").Length == 0 || Value("State").Length == 0)
            throw new HostProtocolException("SlurmOutputInvalid", $"Line {number} of what scontrol wrote about nodes has no NodeName or no State.");
        return new SlurmNode
        {
            Name = Value("NodeName"),
            States = States(Value("State")),
            Partitions = List("Partitions"),
            Cpus = (int)Whole("CPUTot"),
            AllocatedCpus = (int)Whole("CPUAlloc"),
            Memory = Whole("RealMemory"),
            AllocatedMemory = Whole("AllocMem"),
            Gres = Value("Gres"),
            Features = List("AvailableFeatures"),
            Address = Value("NodeAddr"),
            InstanceId = Value("InstanceId"),
            Extra = Value("Extra"),
            BootedAt = SlurmText.Time(Value("BootTime")),
            Reason = WithoutAuthor(Value("Reason")),
        };
    }

    private static List<string> States(string text)
    {
        var states = text.ToUpperInvariant().Split('+', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (states[0].Contains('*', StringComparison.Ordinal)) states.Add("NOT_RESPONDING");
        states[0] = states[0].TrimEnd([.. Marks]);
        return states;
    }

    // broken disk [root@1795817349]
    private static string WithoutAuthor(string reason)
    {
        var bracket = reason.LastIndexOf(" [", StringComparison.Ordinal);
        return bracket >= 0 && reason.EndsWith(']') && reason.IndexOf('@', bracket) > 0 ? reason[..bracket] : reason;
    }
}

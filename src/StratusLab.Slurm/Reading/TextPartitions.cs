using System.Collections.Frozen;
using System.Text;

namespace StratusLab.Slurm;

/// <summary>Reads from <c>scontrol show partitions --oneliner</c> the time limits of jobs that have none of their own.</summary>
internal static class TextPartitions
{
    public static IReadOnlyList<string> Arguments { get; } = ["show", "partitions", "--all", "--oneliner"];

    /// <summary>The limit by partition: the default one, else the longest; null for none.</summary>
    public static async Task<FrozenDictionary<string, TimeSpan?>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var limits = new Dictionary<string, TimeSpan?>(StringComparer.Ordinal);
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 4 << 10, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            var fields = SlurmText.Fields(line);
            if (!fields.TryGetValue("PartitionName", out var name)) continue;
            var own = SlurmTimeLimit.Parse(fields.GetValueOrDefault("DefaultTime", string.Empty));
            limits[name] = own.IsSet ? own.Limit : SlurmTimeLimit.Parse(fields.GetValueOrDefault("MaxTime", string.Empty)).Limit;
        }

        return limits.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

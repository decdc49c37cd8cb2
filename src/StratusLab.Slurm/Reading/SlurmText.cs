using System.Globalization;
using System.Text.RegularExpressions;

namespace StratusLab.Slurm;

/// <summary>Reads the lines of <c>scontrol --oneliner</c>: <c>Key=value</c> after <c>Key=value</c>, where values may hold blanks.</summary>
internal static partial class SlurmText
{
    // The keys after which free text comes. It may hold anything, also what looks like another key.
    private static readonly string[] FreeText = ["OS", "Comment", "Extra", "Reason"];

    /// <summary>The fields of a line. Where a key comes twice, as inside somebody's comment, the first counts.</summary>
    public static Dictionary<string, string> Fields(string line)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var keys = Key().Matches(line);
        for (var i = 0; i < keys.Count; i++)
        {
            var key = keys[i].Groups["key"].Value;
            var start = keys[i].Index + keys[i].Length;
            if (key == "Reason" && Author().Match(line, start) is { Success: true } author)
            {
                while (i + 1 < keys.Count && keys[i + 1].Index < author.Index) i++;
            }
            else if (FreeText.Contains(key, StringComparer.Ordinal))
            {
                while (i + 1 < keys.Count && !FollowsFreeText(keys[i + 1].Groups["key"].Value)) i++;
            }

            var end = i + 1 < keys.Count ? keys[i + 1].Index : line.Length;
            var value = line[start..end].Trim();
            fields.TryAdd(key, value is "(null)" or "N/A" or "n/a" or "None" or "Unknown" ? string.Empty : value);
        }

        return fields;
    }

    /// <summary>A time in seconds since 1970, as <c>SLURM_TIME_FORMAT=%s</c> makes it; null for none.</summary>
    public static DateTimeOffset? Time(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && seconds < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    // What scontrol prints behind a free text, in its order (src/api/node_info.c).
    private static bool FollowsFreeText(string key) =>
        key is "RealMemory" or "Comment" or "Extra" or "InstanceId" or "InstanceType" or "Reason" or "ResumeAfterTime" or "ReservationName" or "TLSCertTokenSet" or "Topology" or "Parameters";

    // Who gave a reason, and when, which ends it.
    [GeneratedRegex(@" \[\S+@\S+\]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Author();

    [GeneratedRegex(@"(?:^|\s)(?<key>[A-Za-z][A-Za-z0-9_:/]*)=", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}

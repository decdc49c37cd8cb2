using System.Globalization;

namespace StratusLab.EndToEnd.Tests.Bursting;

/// <summary>What Grid Engine's own books have of a job that has ended, as <c>qacct -j</c> tells it in UTC.</summary>
internal sealed record GridEngineAccount(string Id, string Queue, string Host, int Slots, string Failed, string ExitCode, DateTimeOffset Started, DateTimeOffset Ended)
{
    public static IReadOnlyList<GridEngineAccount> Read(string text) => [.. text.Split("====", StringSplitOptions.RemoveEmptyEntries).Where(record => record.Contains("jobnumber", StringComparison.Ordinal)).Select(ReadOne)];

    private static GridEngineAccount ReadOne(string record)
    {
        var fields = record.Split('\n').Select(line => line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.First()[1], StringComparer.Ordinal);
        return new GridEngineAccount(
            fields["jobnumber"], fields["qname"], fields["hostname"], int.Parse(fields["slots"], CultureInfo.InvariantCulture), fields["failed"], fields["exit_status"], Time("start_time"), Time("end_time"));

        DateTimeOffset Time(string field) => DateTimeOffset.ParseExact(fields[field], "ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces);
    }
}

using System.Globalization;
using StratusLab.Slurm;

namespace StratusLab.EndToEnd.Tests.Bursting;

/// <summary>What Slurm's own books have of a job that has ended: a line of <c>JobCompType=jobcomp/filetxt</c>, which needs no database.</summary>
internal sealed record SlurmAccount(string Id, string Name, string User, string Partition, string State, string ExitCode, IReadOnlyList<string> Nodes, DateTimeOffset Submitted, DateTimeOffset Started, DateTimeOffset Ended)
{
    public TimeSpan Wait => Started - Submitted;

    public TimeSpan Time => Ended - Started;

    public static async Task<IReadOnlyList<SlurmAccount>> ReadAsync(string file) => File.Exists(file) ? [.. (await File.ReadAllLinesAsync(file)).Select(Read)] : [];

    private static SlurmAccount Read(string line)
    {
        var fields = line.Split(' ').Select(field => field.Split('=', 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.First()[1], StringComparer.Ordinal);
        return new SlurmAccount(
            fields["JobId"], fields["Name"], fields["UserId"].Split('(')[0], fields["Partition"], fields["JobState"], fields["ExitCode"], SlurmRange.Expand(fields["NodeList"]), Time("SubmitTime"), Time("StartTime"), Time("EndTime"));

        DateTimeOffset Time(string field) => DateTimeOffset.Parse(fields[field], CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal);
    }
}

using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Reads from the words of Slurm's commands what kind of failure it was. The words are those of <c>slurm_strerror</c>, the same from 22.05 to 25.11.</summary>
internal static partial class SlurmFailure
{
    private static readonly string[] Unreachable =
    [
        "Unable to contact slurm controller", "Connection refused", "Socket timed out", "Zero Bytes were transmitted", "backup controller in standby",
        "Slurm controller is not responding", "Communication connection failure", "No route to host", "Connection reset", "Munge encode failed", "Transport endpoint",
        "Unable to establish controller machine", "Unable to establish configuration source", "Unspecified error",

        // What scontrol update says of a controller that is not there.
        "Unexpected message received",
    ];

    private static readonly string[] JobGone = ["Invalid job id specified", "Job has already finished", "Job/step already completing or completed", "No valid jobs"];

    /// <summary>The error of a command that ended with an exit code other than zero.</summary>
    public static StratusException Of(string program, IReadOnlyList<string> arguments, int exitCode, string words)
    {
        var said = string.Join(' ', words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (Has(said, Unreachable))
        {
            return new HostConnectionException(
                "BatchSystemUnreachable", $"Slurm's controller does not answer: {said} Look at slurmctld and munged; it is asked again.", RequestState.Unknown)
            { Resource = "slurmctld" };
        }

        var target = arguments.FirstOrDefault(argument => argument.StartsWith("JobId=", StringComparison.Ordinal) || argument.StartsWith("NodeName=", StringComparison.Ordinal));
        var name = target?[(target.IndexOf('=', StringComparison.Ordinal) + 1)..];
        if (Has(said, JobGone)) return Refused("JobNotFound", StratusErrorKind.NotFound, $"Slurm has no job {name} that waits or runs: it ended or was cancelled.");
        if (Has(said, "Job is no longer pending")) return Refused("JobStateInvalid", StratusErrorKind.InvalidState, $"Slurm's job {name} waits no longer.");
        if (Has(said, "Invalid node name")) return Refused("NodeNotFound", StratusErrorKind.NotFound, $"Slurm has no node '{name}'. The nodes must stand in slurm.conf; see New-StratusSlurmConfig.");
        var kind = Has(said, "permission denied", "Invalid user id") ? StratusErrorKind.PermissionDenied : StratusErrorKind.Failed;
        return Refused("BatchSystemRefused", kind, $"Slurm's {program} refused{(name is null ? string.Empty : $" for {name}")}: {(said.Length > 0 ? said : $"it ended with exit code {exitCode} and said nothing.")}");

        HostRefusedException Refused(string id, StratusErrorKind kind, string message) =>
            new(id, kind, message, exitCode.ToString(System.Globalization.CultureInfo.InvariantCulture)) { HostMessage = said, Resource = name };
    }

    /// <summary>Of a command that carried out many orders, the errors of the jobs that its words name, a line for each: <c>... for job 7</c>, or <c>7_2: ...</c> for a task of an array.</summary>
    public static IReadOnlyDictionary<string, StratusException> OfEach(string words, IReadOnlyCollection<string> jobs)
    {
        var found = new Dictionary<string, StratusException>(StringComparer.Ordinal);
        var asked = jobs.ToHashSet(StringComparer.Ordinal);
        foreach (var line in words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var id = NamedJob().Match(line).Groups["id"].Value;
            if (asked.Contains(id)) found[id] = Of("scontrol", ["update", "JobId=" + id], 1, line);
        }

        return found;
    }

    /// <summary>The error of a command that did not end in time and was ended.</summary>
    public static HostConnectionException TooSlow(string program, TimeSpan limit) => new(
        "BatchSystemTimeout", $"Slurm's {program} did not end within {limit.TotalSeconds:0} s. Look at slurmctld's load (sdiag).", RequestState.Unknown)
    { Resource = "slurmctld" };

    /// <summary>Whether the command failed because this build of it cannot write JSON.</summary>
    public static bool LacksJson(StratusException failure) =>
        failure is HostRefusedException { HostMessage: { } said } && Has(said, "json", "data_parser", "serializer", "usage", "invalid option");

    private static bool Has(string said, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (said.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    [GeneratedRegex(@"( for job |^)(?<id>[0-9]+([_+][0-9]+)?)($|: )", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedJob();
}

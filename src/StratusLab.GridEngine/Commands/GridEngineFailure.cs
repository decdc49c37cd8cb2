using System.Globalization;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>Reads from the words of Grid Engine's commands what kind of failure it was; they say it in words alone, on either of their outputs.</summary>
internal static class GridEngineFailure
{
    private static readonly string[] Unreachable =
    [
        "commlib error", "unable to send message to qmaster", "unable to contact qmaster", "got send error", "got no connection", "failed receiving gdi request",
        "can't connect to service", "can't find connection", "endpoint is not unique", "could not get environment variable", "act_qmaster",
    ];

    private static readonly string[] Denied = ["is no manager", "is no operator", "must be manager", "must be operator", "not allowed", "is no admin host", "is no submit host", "permission"];

    /// <summary>The error of a command that ended with an exit code other than zero.</summary>
    public static StratusException Of(string program, int exitCode, string words)
    {
        var said = OneLine(words);
        if (Has(said, "cell directory")) return new HostConnectionException("BatchSystemUnreachable", $"Grid Engine is not where its commands look: {said} Look at SGE_ROOT and SGE_CELL; it is asked again.", RequestState.NotSent) { Resource = "qmaster" };
        if (Has(said, Unreachable)) return new HostConnectionException("BatchSystemUnreachable", $"Grid Engine's qmaster does not answer: {said} Look at sge_qmaster; it is asked again.", RequestState.Unknown) { Resource = "qmaster" };
        return Refused("BatchSystemRefused", Has(said, Denied) ? StratusErrorKind.PermissionDenied : StratusErrorKind.Failed, program, exitCode, said);
    }

    /// <summary>A refusal whose meaning is known, with the words of the command.</summary>
    public static HostRefusedException Known(string errorId, StratusErrorKind kind, string resource, string message, StratusException cause) =>
        new(errorId, kind, message, "1") { HostMessage = (cause as HostRefusedException)?.HostMessage, Resource = resource };

    /// <summary>The error of a command that did not end in time and was ended.</summary>
    public static HostConnectionException TooSlow(string program, TimeSpan limit) => new(
        "BatchSystemTimeout", $"Grid Engine's {program} did not end within {limit.TotalSeconds:0} s. Look at qmaster's load.", RequestState.Unknown)
    { Resource = "qmaster" };

    /// <summary>Whether a refusal holds one of these words.</summary>
    public static bool Says(StratusException failure, params ReadOnlySpan<string> words) => failure is HostRefusedException { HostMessage: { } said } && Has(said, words);

    private static HostRefusedException Refused(string id, StratusErrorKind kind, string program, int exitCode, string said) =>
        new(id, kind, $"Grid Engine's {program} refused: {(said.Length > 0 ? said : $"it ended with exit code {exitCode} and said nothing.")}", exitCode.ToString(CultureInfo.InvariantCulture)) { HostMessage = said };

    private static string OneLine(string words) => string.Join(' ', words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static bool Has(string said, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (said.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}

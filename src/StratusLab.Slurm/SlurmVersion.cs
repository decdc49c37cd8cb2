using System.Globalization;
using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>A release of Slurm, such as 22.05.8.</summary>
internal readonly partial record struct SlurmVersion(int Year, int Month, string Text)
{
    /// <summary>The first whose <c>scontrol</c> writes JSON, and whose nodes have an instance.</summary>
    public bool HasNodeJson => IsAtLeast(23, 2);

    /// <summary>The first whose <c>squeue</c> writes JSON that says all that is needed.</summary>
    public bool HasJobJson => IsAtLeast(22, 5);

    /// <summary>Whether a node has fields for its instance's identity and type.</summary>
    public bool HasInstanceFields => IsAtLeast(23, 11);

    /// <summary>Reads <c>slurm 23.11.4</c>, <c>slurm-wlm 22.05.8</c> and <c>25.05.1-1</c>.</summary>
    /// <exception cref="HostProtocolException"><c>SlurmOutputInvalid</c>: there is no version in it.</exception>
    public static SlurmVersion Parse(string text)
    {
        var match = Number().Match(text);
        return match.Success
            ? new(int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups["month"].ValueSpan, CultureInfo.InvariantCulture), match.Value)
            : throw new HostProtocolException("SlurmOutputInvalid", $"'{text.Trim()}' is not the version of a Slurm; expected is something like 'slurm 23.11.4'.");
    }

    private bool IsAtLeast(int year, int month) => Year > year || (Year == year && Month >= month);

    [GeneratedRegex(@"(?<year>\d{2})\.(?<month>\d{2})\.[0-9A-Za-z.-]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}

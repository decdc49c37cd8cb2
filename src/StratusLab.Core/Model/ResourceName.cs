using System.Text.RegularExpressions;

namespace StratusLab.Core;

/// <summary>The rule for names of VMs, hosts and sizes: a host-name label (RFC 1123), so that it is safe wherever it ends up.</summary>
public static partial class ResourceName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 63;

    /// <summary>Returns the name if it is one.</summary>
    /// <param name="value">The name.</param>
    /// <param name="field">What it names, for the error.</param>
    /// <exception cref="InvalidInputException">The name is empty, too long or has other characters.</exception>
    public static string Validate(string? value, string field) =>
        value is not null && Pattern().IsMatch(value)
            ? value
            : throw new InvalidInputException(
                "InvalidName",
                $"'{Printable(value)}' is not a valid {field}: use 1 to {MaxLength} letters, digits and hyphens, beginning and ending with a letter or digit.",
                field);

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();

    private static string Printable(string? value) =>
        value is null ? string.Empty : string.Concat(value.Take(80).Select(c => char.IsControl(c) ? '?' : c));
}

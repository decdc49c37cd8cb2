using System.Text.RegularExpressions;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The rule for labels of hosts and VMs.</summary>
internal static partial class LabelValidation
{
    private const int MaxCount = 50;
    private const int MaxValue = 255;

    public static void Validate(IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count > MaxCount) throw Invalid($"{labels.Count} labels are too many: use up to {MaxCount}.");
        foreach (var (key, value) in labels)
        {
            if (!Key().IsMatch(key))
                throw Invalid($"The label key '{new string([.. key.Take(80).Select(c => char.IsControl(c) ? '?' : c)])}' is not valid: use 1 to 63 letters, digits, '.', '_', '/' and '-', beginning with a letter or digit.");
            if (value is null || value.Length > MaxValue || value.Any(c => char.IsControl(c) || char.IsSurrogate(c) || c >= '\uFFFE'))
                throw Invalid($"The value of label '{key}' is not valid: use up to {MaxValue} characters without control characters.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._/-]{0,62}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    private static InvalidInputException Invalid(string message) => new("InvalidLabel", message, "Labels");
}

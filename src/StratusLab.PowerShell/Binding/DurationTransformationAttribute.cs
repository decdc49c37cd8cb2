using System.Globalization;
using System.Management.Automation;

namespace StratusLab.PowerShell;

/// <summary>Lets a duration be written as <c>90m</c>, <c>8h</c>, <c>2d</c>, <c>1.12:00:00</c> or a TimeSpan. A bare number has no unit and is refused.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null or TimeSpan) return value;

        // What was a TimeSpan before ConvertTo-Json and ConvertFrom-Json.
        if (inputData is PSObject { BaseObject: PSCustomObject } read && read.Properties["Ticks"]?.Value is long ticks) return TimeSpan.FromTicks(ticks);

        // As it was typed: to PowerShell an unquoted 2d is the decimal number 2, and 30s a short one.
        var text = LanguagePrimitives.ConvertTo<string>(inputData);
        return TryParse(text, out var duration)
            ? duration
            : throw new ArgumentTransformationMetadataException(
                $"'{text}' is not a duration. Write a number with s, m, h or d, such as 8h, or hours and minutes, such as 08:30.");
    }

    internal static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        text = text?.Trim();
        if (string.IsNullOrEmpty(text)) return false;
        if (text.Contains(':', StringComparison.Ordinal)) return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration);

        double unit = char.ToUpperInvariant(text[^1]) switch { 'S' => 1, 'M' => 60, 'H' => 3600, 'D' => 86400, _ => 0 };
        if (unit == 0) return false;
        if (!double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return false;
        if (!(Math.Abs(number * unit) < TimeSpan.MaxValue.TotalSeconds)) return false;
        duration = TimeSpan.FromSeconds(number * unit);
        return true;
    }
}

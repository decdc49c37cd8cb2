using System.Globalization;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Names for many VMs of one kind.</summary>
public static class VmNaming
{
    /// <summary>The most VMs that one call names.</summary>
    public const int MaxCount = 100_000;

    /// <summary><c>atlas</c> and 20 give <c>atlas-01</c> to <c>atlas-20</c>: numbers from 1, padded with zeros to the width of the last.</summary>
    /// <param name="name">The name, or the part before the number.</param>
    /// <param name="count">How many, 1 to <see cref="MaxCount"/>; null for the name itself.</param>
    /// <exception cref="InvalidInputException">A name would not be valid, or the count is out of range.</exception>
    public static IReadOnlyList<string> Expand(string name, int? count)
    {
        if (count is null) return [ResourceName.Validate(name, "VM name")];
        if (count is < 1 or > MaxCount)
            throw new InvalidInputException("InvalidCount", $"{count} VMs cannot be named: use 1 to {MaxCount}.", "Count");

        var format = "D" + count.Value.ToString(CultureInfo.InvariantCulture).Length.ToString(CultureInfo.InvariantCulture);
        var names = new string[count.Value];
        for (var i = 0; i < names.Length; i++)
            names[i] = ResourceName.Validate($"{name}-{(i + 1).ToString(format, CultureInfo.InvariantCulture)}", "VM name");
        return names;
    }
}

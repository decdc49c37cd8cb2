using System.Globalization;

namespace StratusLab.Slurm;

/// <summary>Reads Slurm's lists of resources: <c>cpu=4,mem=1800M,node=2,gres/gpu=2</c>, <c>gres:gpu:tesla:2</c>, <c>gpu:a100:4(S:0-1)</c>.</summary>
internal static class SlurmTres
{
    /// <summary>GPUs in a list, whatever their type. Where a list has both a total and types, as <c>TRES</c> does, the total counts.</summary>
    public static int Gpus(string text)
    {
        var total = 0;
        var typed = 0;
        foreach (var item in Items(text))
        {
            var name = item.StartsWith("gres:", StringComparison.Ordinal) || item.StartsWith("gres/", StringComparison.Ordinal) ? item[5..] : item;
            if (!name.StartsWith("gpu", StringComparison.Ordinal)) continue;
            var rest = name[3..];
            if (rest.Length > 0 && rest[0] is not (':' or '=')) continue;
            var parts = rest.Split([':', '='], StringSplitOptions.RemoveEmptyEntries);
            var count = parts.Length > 0 && Count(parts[^1]) is { } told ? told : 1;
            if (parts.Length > 1 || (parts.Length == 1 && Count(parts[0]) is null)) typed += count;
            else total += count;
        }

        return Math.Max(total, typed);
    }

    /// <summary>Memory in a list, in MiB; zero if it has none.</summary>
    public static long Memory(string text)
    {
        var item = Items(text).FirstOrDefault(item => item.StartsWith("mem=", StringComparison.Ordinal));
        return item is null ? 0 : MiB(item[4..]);
    }

    /// <summary>Nodes in a list; zero if it says none.</summary>
    public static int Nodes(string text)
    {
        var item = Items(text).FirstOrDefault(item => item.StartsWith("node=", StringComparison.Ordinal));
        return item is null ? 0 : Count(item[5..]) ?? 0;
    }

    /// <summary>An amount such as <c>900M</c>, <c>4G</c> or <c>1.5T</c> in MiB, rounded up; a bare number is MiB.</summary>
    public static long MiB(string text)
    {
        var trimmed = text.TrimEnd('n', 'c');
        var factor = trimmed.Length == 0 ? 0 : char.ToUpperInvariant(trimmed[^1]) switch
        {
            'K' => 1.0 / 1024,
            'M' => 1,
            'G' => 1024,
            'T' => 1024 * 1024,
            'P' => 1024.0 * 1024 * 1024,
            _ => 0.0,
        };
        var digits = factor == 0 ? trimmed : trimmed[..^1];
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? (long)Math.Ceiling(amount * (factor == 0 ? 1 : factor))
            : 0;
    }

    // What stands in brackets is where the resources are, and may hold commas.
    private static IEnumerable<string> Items(string text)
    {
        var depth = 0;
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var end = i == text.Length;
            if (!end && text[i] == '(') depth++;
            else if (!end && text[i] == ')') depth--;
            if (!end && (depth > 0 || text[i] != ',')) continue;
            var item = text[start..i].Trim();
            var bracket = item.IndexOf('(', StringComparison.Ordinal);
            if (bracket >= 0) item = item[..bracket];
            if (item.Length > 0) yield return item;
            start = i + 1;
        }
    }

    private static int? Count(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return count;
        return text.Length > 1 && char.ToUpperInvariant(text[^1]) == 'K' && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out count)
            ? count * 1024
            : null;
    }
}

using System.Globalization;

namespace StratusLab.Core;

/// <summary>A number of bytes. Suffixes are powers of 1024, as in PowerShell: <c>1GB</c> is 1,073,741,824.</summary>
/// <param name="Bytes">The size in bytes, 0 or more.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>, IParsable<ByteSize>
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB"];

    /// <summary>No bytes.</summary>
    public static ByteSize Zero => default;

    /// <summary>A whole number of mebibytes.</summary>
    public static ByteSize FromMiB(long count) => new(checked(count << 20));

    /// <summary>A whole number of gibibytes.</summary>
    public static ByteSize FromGiB(long count) => new(checked(count << 30));

    /// <summary>Reads <c>4096</c>, <c>512MB</c>, <c>1.5 GiB</c>; KB and KiB mean the same.</summary>
    /// <exception cref="FormatException">The text is no size; the message shows what would be.</exception>
    public static ByteSize Parse(string s) => Parse(s, null);

    /// <inheritdoc cref="Parse(string)"/>
    public static ByteSize Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var size)
            ? size
            : throw new FormatException($"'{s}' is not a size. Write a number of bytes, or a number with KB, MB, GB or TB (powers of 1024), such as 8GB.");

    /// <inheritdoc cref="Parse(string)"/>
    public static bool TryParse(string? s, IFormatProvider? provider, out ByteSize result)
    {
        result = default;
        var text = s.AsSpan().Trim();
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.')) digits++;
        if (!decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (!TryReadUnit(text[digits..].TrimStart(), out var shift)) return false;
        if (number > long.MaxValue >> shift) return false;
        var bytes = number * (1L << shift);
        if (bytes != decimal.Truncate(bytes)) return false;
        result = new ByteSize((long)bytes);
        return true;
    }

    /// <summary>The sum of two sizes.</summary>
    public static ByteSize operator +(ByteSize left, ByteSize right) => new(checked(left.Bytes + right.Bytes));

    /// <summary>The difference of two sizes; may be negative where one stands for a shortage.</summary>
    public static ByteSize operator -(ByteSize left, ByteSize right) => new(left.Bytes - right.Bytes);

    /// <summary>Whether the left size is the smaller.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Whether the left size is the larger.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Whether the left size is no larger.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>Whether the left size is no smaller.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>The size in the largest unit that keeps it at 1 or more, with at most one decimal, such as <c>1.5GB</c>.</summary>
    public override string ToString()
    {
        var unit = 0;
        decimal value = Bytes;
        while (Math.Abs(value) >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString("0.#", CultureInfo.InvariantCulture) + Units[unit];
    }

    private static bool TryReadUnit(ReadOnlySpan<char> unit, out int shift)
    {
        shift = 0;
        if (unit.IsEmpty) return true;
        for (var i = 0; i < Units.Length; i++, shift += 10)
        {
            if (unit.Equals(Units[i], StringComparison.OrdinalIgnoreCase)) return true;
            if (i > 0 && unit.Length == 3 && char.ToUpperInvariant(unit[0]) == Units[i][0] && unit[1..].Equals("iB", StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}

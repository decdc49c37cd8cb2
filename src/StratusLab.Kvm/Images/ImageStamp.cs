using System.Buffers;
using System.Globalization;

namespace StratusLab.Kvm;

/// <summary>What shows whether a volume was written to: its length, and when its content changed last by the host's clock.</summary>
/// <remarks>
/// The time of the last change of content is not moved by QEMU, which opens a base volume for reading, nor by libvirt, which gives the file
/// to another owner while a VM runs: that moves the change time of the inode only. Somebody who may set a file's times can hide a change;
/// reading the volume back shows it all the same.
/// </remarks>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">The time as libvirt writes it, seconds and nanoseconds since 1970; <c>0</c> where the pool does not tell.</param>
internal readonly record struct ImageStamp(ulong Length, string Modified)
{
    private const string Unknown = "0";

    private static readonly SearchValues<char> TimeCharacters = SearchValues.Create("0123456789.");

    /// <summary>When the content changed last; null where the pool does not tell.</summary>
    public DateTimeOffset? ModifiedAt =>
        Modified != Unknown && decimal.TryParse(Modified, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 100_000_000_000m
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;

    /// <summary>The stamp of what the host told; a time that is none counts as not told.</summary>
    public static ImageStamp Of(ulong length, string? modified) => new(length, modified is not null && IsTime(modified) ? modified : Unknown);

    /// <summary>Reads the form of <see cref="ToString"/>; null for anything else.</summary>
    public static ImageStamp? Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && ulong.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && IsTime(text[(dash + 1)..])
            ? new ImageStamp(length, text[(dash + 1)..])
            : null;
    }

    /// <summary>As it stands in the name of a mark.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Length}-{Modified}");

    private static bool IsTime(string text) => text.Length is > 0 and <= 32 && !text.AsSpan().ContainsAnyExcept(TimeCharacters);
}

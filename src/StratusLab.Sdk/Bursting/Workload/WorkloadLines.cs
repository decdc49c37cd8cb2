using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The lines of a trace with their numbers.</summary>
internal sealed class WorkloadLines(TextReader text, string name)
{
    private const int Shown = 60;

    private string? _peeked;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    public async ValueTask<string?> PeekAsync(CancellationToken cancellationToken) => _peeked ??= await text.ReadLineAsync(cancellationToken).ConfigureAwait(false);

    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        var line = _peeked ?? await text.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        _peeked = null;
        if (line is not null) Number++;
        return line;
    }

    public InvalidInputException Wrong(string why, string? field = null) =>
        new("InvalidWorkload", $"The trace '{name}' is wrong{(Number > 0 ? $" in line {Number}" : string.Empty)}: {why}.", field) { Line = Number > 0 ? Number : null, Resource = name };

    /// <summary>A piece of a line, fit to be shown.</summary>
    public static string Quote(ReadOnlySpan<char> piece)
    {
        var text = string.Concat(piece[..Math.Min(Shown, piece.Length)].ToString().Select(c => char.IsControl(c) ? '?' : c));
        return piece.Length > Shown ? $"'{text}...'" : $"'{text}'";
    }
}

using System.Text;

namespace StratusLab.PowerShell;

/// <summary>Cuts what comes over a serial line into lines. One that never ends is cut after 64 KiB.</summary>
internal sealed class LineSplitter
{
    private const int Longest = 64 << 10;

    private readonly List<byte> _begun = [];

    /// <summary>The lines that end in these bytes; the beginning of the next is kept.</summary>
    public IReadOnlyList<string> Split(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        foreach (var value in bytes)
        {
            if (value == '\n' || _begun.Count == Longest) lines.Add(Take());
            if (value != '\n') _begun.Add(value);
        }

        return lines;
    }

    /// <summary>What was written after the last end of a line; null if that was nothing.</summary>
    public string? Rest() => _begun.Count > 0 ? Take() : null;

    private string Take()
    {
        var line = Encoding.UTF8.GetString([.. _begun]).TrimEnd('\r');
        _begun.Clear();
        return line;
    }
}

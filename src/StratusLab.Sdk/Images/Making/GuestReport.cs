namespace StratusLab.Sdk;

/// <summary>What a guest that worked on an image said on its serial console.</summary>
/// <param name="HasBegun">Whether the script was run at all.</param>
/// <param name="IsDone">Whether it came to its end.</param>
/// <param name="Failure">What it says went wrong; null for nothing.</param>
/// <param name="LastLines">The last that was written before that.</param>
internal sealed record GuestReport(bool HasBegun, bool IsDone, string? Failure, string LastLines)
{
    private const int Shown = 12;
    private const int MaxLine = 200;
    private const string FailedWord = "failed: ";

    /// <summary>Reads it out of the console's log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="mark">What the script's own lines begin with.</param>
    public static GuestReport Read(string log, string mark)
    {
        var (hasBegun, isDone, failure) = (false, false, (string?)null);
        var last = new Queue<string>();
        foreach (var raw in log.Split('\n'))
        {
            var line = new string([.. raw.Where(c => !char.IsControl(c)).Take(MaxLine)]).TrimEnd();
            var at = line.IndexOf(mark, StringComparison.Ordinal);
            if (at < 0)
            {
                if (line.Length == 0 || isDone || failure is not null) continue;
                last.Enqueue(line);
                if (last.Count > Shown) last.Dequeue();
                continue;
            }

            var word = line[(at + mark.Length)..].Trim();
            hasBegun = true;
            isDone |= word.StartsWith("done", StringComparison.Ordinal);
            if (word.StartsWith(FailedWord, StringComparison.Ordinal)) failure ??= word[FailedWord.Length..];
        }

        return new GuestReport(hasBegun, isDone, failure, string.Join('\n', last));
    }
}

using System.Runtime.CompilerServices;

namespace StratusLab.PowerShell;

/// <summary>The text of a serial console, line by line: what was kept of it, and what comes.</summary>
internal static class ConsoleText
{
    private const int Chunk = 4096;
    private const int MostOverlap = 64 << 10;

    // The log and the console come by ways of their own: what is in the log already may arrive from the console a moment later.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    /// <summary>What was kept, also a last line that has not ended.</summary>
    public static async IAsyncEnumerable<string> ReadAsync(Stream log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var splitter = new LineSplitter();
        var buffer = new byte[Chunk];
        while (await log.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            foreach (var line in splitter.Split(buffer.AsSpan(0, read))) yield return line;
        }

        if (splitter.Rest() is { } rest) yield return rest;
    }

    /// <summary>What was kept and then what comes, nothing twice and no line torn.</summary>
    /// <param name="live">The console, opened before the log, so that nothing between them is missed.</param>
    /// <param name="log">What was kept.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async IAsyncEnumerable<string> FollowAsync(Stream live, Stream log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var splitter = new LineSplitter();
        var tail = new List<byte>();
        var buffer = new byte[Chunk];
        while (await log.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            tail.AddRange(buffer.AsSpan(0, read));
            if (tail.Count > MostOverlap) tail.RemoveRange(0, tail.Count - MostOverlap);
            foreach (var line in splitter.Split(buffer.AsSpan(0, read))) yield return line;
        }

        var early = new List<byte>();
        var settled = Task.Delay(Settling, cancellationToken);
        var next = live.ReadAsync(buffer, cancellationToken).AsTask();
        while (early.Count < MostOverlap && await Task.WhenAny(next, settled).ConfigureAwait(false) == next && await next.ConfigureAwait(false) > 0)
        {
            early.AddRange(buffer.AsSpan(0, await next.ConfigureAwait(false)));
            next = live.ReadAsync(buffer, cancellationToken).AsTask();
        }

        foreach (var line in splitter.Split(early.ToArray().AsSpan(Overlap(tail, early)))) yield return line;
        while (await next.ConfigureAwait(false) is > 0 and var read)
        {
            foreach (var line in splitter.Split(buffer.AsSpan(0, read))) yield return line;
            next = live.ReadAsync(buffer, cancellationToken).AsTask();
        }

        if (splitter.Rest() is { } rest) yield return rest;
    }

    // How much of the beginning of one is the end of the other.
    private static int Overlap(List<byte> before, List<byte> after)
    {
        var (first, second) = (before.ToArray(), after.ToArray());
        for (var length = Math.Min(first.Length, second.Length); length > 0; length--)
        {
            if (first.AsSpan(first.Length - length).SequenceEqual(second.AsSpan(0, length))) return length;
        }

        return 0;
    }
}

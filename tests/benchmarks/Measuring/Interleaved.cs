namespace StratusLab.Benchmarks;

/// <summary>Measures two things in turns, so that whatever else the machine does meets both, and compares their medians.</summary>
internal static class Interleaved
{
    /// <summary>The medians of both.</summary>
    /// <param name="rounds">How often each is measured, an odd number; one more round before them warms up and is thrown away.</param>
    /// <param name="ours">Does its work once and tells how long it took.</param>
    /// <param name="peer">The same for the peer.</param>
    public static async Task<(TimeSpan Ours, TimeSpan Peer)> MediansAsync(int rounds, Func<Task<TimeSpan>> ours, Func<Task<TimeSpan>> peer)
    {
        List<TimeSpan> our = [], their = [];
        for (var round = 0; round <= rounds; round++)
        {
            var (first, second) = (await ours(), await peer());
            if (round == 0) continue;
            our.Add(first);
            their.Add(second);
        }

        return (Median(our), Median(their));
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}

namespace StratusLab.Benchmarks;

/// <summary>
/// How long machines take from their launch until slurmd starts: spread as the waits of jobs for their nodes are in the published baseline of
/// ParallelCluster's performance tests (tests/integration-tests/tests/performance_tests/resources/results/baseline/statistics.json, jobWaitingTime:
/// least 148.9 s, quartiles 283.4, 294.0 and 312.2 s, most 328.5 s). That is more than their boots alone, since the time of its own controller is in it.
/// </summary>
internal sealed class BootTimes
{
    private static readonly double[] Quartiles = [148.940, 283.357, 294.034, 312.237, 328.509];

    // A low-discrepancy sequence: any thousand of them are spread as the whole.
    private static readonly double GoldenRatio = (Math.Sqrt(5) - 1) / 2;

    public TimeSpan Of(int number)
    {
        var place = number * GoldenRatio % 1 * (Quartiles.Length - 1);
        var quarter = (int)place;
        return TimeSpan.FromSeconds(Quartiles[quarter] + ((place - quarter) * (Quartiles[quarter + 1] - Quartiles[quarter])));
    }
}

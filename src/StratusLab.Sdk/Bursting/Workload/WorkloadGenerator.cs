using System.Globalization;

namespace StratusLab.Sdk;

/// <summary>
/// Makes workloads by the model of Lublin and Feitelson (2003): sizes that are mostly powers of two, run times from a mixture of two gamma
/// distributions of their logarithm that depends on the size, arrivals that follow the hours of a day. Time limits are what users ask for: too
/// much, and round. The same settings give the same jobs on every machine.
/// </summary>
public sealed record WorkloadGenerator
{
    private const double SerialShare = 0.244;
    private const double PowerOfTwoShare = 0.576;
    private const double SmallShare = 0.86;
    private const double MaxRunSeconds = 36 * 3600;

    // Arrivals in each hour of the day, against the mean of the day.
    private static readonly double[] HourWeights =
        [0.45, 0.36, 0.30, 0.26, 0.25, 0.27, 0.35, 0.55, 0.95, 1.35, 1.62, 1.70, 1.60, 1.65, 1.75, 1.75, 1.65, 1.45, 1.20, 1.02, 0.92, 0.80, 0.68, 0.56];

    private static readonly double[] RoundLimits = [300, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 129600, 172800];

    /// <summary>How many jobs, 1 or more.</summary>
    public int JobCount { get; init; } = 10_000;

    /// <summary>Processors of the machine that they are for, 2 or more.</summary>
    public int MaxProcessors { get; init; } = 128;

    /// <summary>The work of all jobs against what the machine can do in that time, above 0.</summary>
    public double Load { get; init; } = 0.8;

    /// <summary>What the jobs are drawn from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>When the first day begins, in UTC.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes the workload.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public WorkloadTrace Generate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(JobCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxProcessors, 2);
        if (!(Load > 0)) throw new ArgumentOutOfRangeException(nameof(Load), Load, "The load is above 0.");
        var random = new SeededRandom(Seed);
        var sizes = new int[JobCount];
        var runs = new double[JobCount];
        var work = 0.0;
        for (var i = 0; i < JobCount; i++)
        {
            sizes[i] = Size(random);
            runs[i] = Run(random, sizes[i]);
            work += sizes[i] * runs[i];
        }

        var meanGap = work / (MaxProcessors * Load) / JobCount;
        var jobs = new WorkloadJob[JobCount];
        var time = 0.0;
        for (var i = 0; i < JobCount; i++)
        {
            time = Advance(time, random.Exponential(meanGap));
            jobs[i] = new WorkloadJob
            {
                Id = (i + 1).ToString(CultureInfo.InvariantCulture),
                SubmittedAt = Start.AddSeconds(Math.Floor(time)),
                RunTime = TimeSpan.FromSeconds(Math.Max(1, Math.Floor(runs[i]))),
                TimeLimit = TimeSpan.FromSeconds(Limit(random, runs[i])),
                Processors = sizes[i],
                User = random.Next(200).ToString(CultureInfo.InvariantCulture),
            };
        }

        return new WorkloadTrace { Name = string.Create(CultureInfo.InvariantCulture, $"generated-{JobCount}-{Seed}"), Jobs = jobs, MaxNodes = MaxProcessors };
    }

    private int Size(SeededRandom random)
    {
        if (random.NextDouble() < SerialShare) return 1;
        var most = Math.Log2(MaxProcessors);
        var middle = Math.Max(0.9, most - 2.5);
        var size = random.NextDouble() < SmallShare ? random.Between(0.8, middle) : random.Between(middle, most);
        if (random.NextDouble() < PowerOfTwoShare / (1 - SerialShare)) size = Math.Round(size);
        return Math.Clamp((int)Math.Round(Math.Pow(2, size)), 1, MaxProcessors);
    }

    // Gamma(4.2, 0.94) and Gamma(312, 0.03) of the run time's logarithm; wide jobs tend to be long.
    private static double Run(SeededRandom random, int size)
    {
        var shortShare = Math.Clamp(0.78 - (0.0054 * size), 0, 1);
        while (true)
        {
            var run = Math.Exp(random.NextDouble() < shortShare ? random.Gamma(4.2, 0.94) : random.Gamma(312, 0.03));
            if (run <= MaxRunSeconds) return run;
        }
    }

    private static double Limit(SeededRandom random, double run)
    {
        var asked = run * (1 + random.Exponential(2.5));
        foreach (var limit in RoundLimits)
            if (limit >= asked) return limit;
        return RoundLimits[^1];
    }

    // Goes on by a time that counts more while many jobs arrive.
    private static double Advance(double time, double gap)
    {
        while (true)
        {
            var hour = Math.Floor(time / 3600);
            var weight = HourWeights[(int)(hour % 24)];
            var left = ((hour + 1) * 3600) - time;
            if (gap <= left * weight) return time + (gap / weight);
            gap -= left * weight;
            time = (hour + 1) * 3600;
        }
    }
}

using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Rig;
using Xunit.Abstractions;

namespace StratusLab.Ec2.Tests.Provider;

/// <summary>A process that gets no further at any step of its journal: whoever comes after it makes the rest, and nothing twice.</summary>
public sealed class KilledTests(ITestOutputHelper output)
{
    // The labels leave room for so many names that several launches are needed.
    [Fact]
    public Task Launch_that_ends_at_any_step_of_the_journal_is_completed_exactly() => DieAtEachAsync(count: 60, labels: 31, maxSteps: 60, atOnce: 8);

    [Fact]
    [Trait("Category", "Long")]
    public Task Launch_of_a_thousand_that_ends_at_any_step_of_the_journal_is_completed_exactly() => DieAtEachAsync(count: 1000, labels: 2, maxSteps: 400, atOnce: 2);

    private async Task DieAtEachAsync(int count, int labels, int maxSteps, int atOnce)
    {
        var (reached, beyond) = (0, int.MaxValue);
        await Parallel.ForEachAsync(Enumerable.Range(1, maxSteps), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (step, _) =>
        {
            // Chance says in how many calls it is done, so that the last steps are not there each time.
            if (step > Volatile.Read(ref beyond)) return;
            if (await DieAtAsync(step, count, labels)) Interlocked.Increment(ref reached);
            else if (step > reached + 20) Volatile.Write(ref beyond, step);
        });
        output.WriteLine($"{reached} steps");
        Assert.InRange(reached, 8, maxSteps - 1);
    }

    private static async Task<bool> DieAtAsync(int step, int count, int labelCount)
    {
        await using var region = await ProviderRegion.StartAsync(new EmulatorOptions { Seed = 7 }, new FastClock(20));
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, Share = 0.5, IsPartial = true });
        var labels = Enumerable.Range(0, labelCount).ToDictionary(number => $"l{number}", number => $"{number}");
        var requests = ProviderRegion.Requests(count).Select(request => request with { Labels = labels }).ToList();

        using var stop = new CancellationTokenSource();
        var journal = new DyingJournal(region.Calls, step);
        await using var dying = region.Connect(calls: journal);
        var first = dying.CreateAsync(requests, stop.Token).ToListAsync();
        var isReached = await Task.WhenAny(first, journal.Died) == journal.Died;
        if (!isReached) Assert.All(await first, outcome => ProviderRegion.Succeeded(outcome));

        // Others of its batches may have got further by now; what they had sent may still be answered, but they write nothing any more.
        await using var next = region.Connect();
        var settled = await next.RecoverAsync(requests).ToListAsync();
        Assert.All(settled, outcome => Assert.Null(outcome.Error));
        Assert.Equal(region.Alive.Order(StringComparer.Ordinal), settled.Where(o => o.Vm is not null).Select(o => o.Vm!.Id.Key).Order(StringComparer.Ordinal));
        var made = (await next.CreateAsync(requests).ToListAsync()).ConvertAll(ProviderRegion.Succeeded);
        Assert.True(region.Cloud.Launched == count, $"step {step}: {region.Cloud.Launched} launched");
        Assert.Equal(region.Alive.Order(StringComparer.Ordinal), made.Select(vm => vm.Id.Key).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(region.Calls.Calls, call => call.State == CallState.Open);
        await stop.CancelAsync();
        return isReached;
    }

    /// <summary>A journal whose process is killed before or after one of its writes: from then on nothing that it is asked for ever ends.</summary>
    private sealed class DyingJournal(ICallJournal journal, int last) : ICallJournal
    {
        private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _steps;

        public Task Died => _died.Task;

        public async Task<JournalledCall> BeginAsync(CallIntent intent, CancellationToken cancellationToken = default)
        {
            await StepAsync();
            var call = await journal.BeginAsync(intent, cancellationToken);
            await StepAsync();
            return call;
        }

        public async Task SettleAsync(long id, CallState state, string outcome, CancellationToken cancellationToken = default)
        {
            await StepAsync();
            await journal.SettleAsync(id, state, outcome, cancellationToken);
            await StepAsync();
        }

        public async Task<IReadOnlyList<JournalledCall>> FindAsync(IReadOnlyCollection<Guid> requests, CancellationToken cancellationToken = default)
        {
            if (_died.Task.IsCompleted) await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return await journal.FindAsync(requests, cancellationToken);
        }

        private async Task StepAsync()
        {
            if (Interlocked.Increment(ref _steps) < last) return;
            _died.TrySetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }
    }
}

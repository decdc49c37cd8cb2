using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Rig.Databases;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>Four processes hire and give back on one site as fast as they can, in a region that lists an instance only some seconds after its launch.</summary>
public sealed class CostLimitTests
{
    private const decimal Limit = 5, DiskMonth = 0.088m;

    [Fact]
    public Task Four_processes_never_pass_the_hourly_cost_of_a_host_together() => RaceAsync(null, rounds: 6, atLeast: 70);

    [RequiresFact(Need.Postgres)]
    public async Task Four_machines_that_share_a_site_never_pass_it_either()
    {
        await using var server = await PostgresServer.StartAsync();
        await RaceAsync(await server.CreateDatabaseAsync(), rounds: 3, atLeast: 35);
    }

    private static async Task RaceAsync(string? database, int rounds, int atLeast)
    {
        await using var emulator = await Ec2Emulator.StartAsync(new EmulatorOptions { DescribeLag = TimeSpan.FromSeconds(2) });
        var parent = Directory.CreateTempSubdirectory("stratus-");
        try
        {
            var folder = Path.Combine(parent.FullName, "site");
            await TinyImage.PublishAsync(folder, emulator.Cloud);
            var keys = SiteProcess.KeysOf(emulator);
            if (database is not null) keys["STRATUS_SITE"] = database;
            await EndWellAsync([SiteProcess.Start(keys, "register", folder, "aws", $"ec2://eu-west-1?endpoint={Uri.EscapeDataString(emulator.Endpoint.AbsoluteUri)}", Limit.ToString(System.Globalization.CultureInfo.InvariantCulture))]);

            using var done = new CancellationTokenSource();
            var watching = WatchAsync(emulator.Cloud, done.Token);
            var outputs = await EndWellAsync([.. "abcd".Select(letter => SiteProcess.Start(
                keys, "hire", database is null ? folder : TinyImage.CopyFolder(folder, $"{folder}-{letter}"), "aws", "tiny", $"{letter}-", rounds.ToString(System.Globalization.CultureInfo.InvariantCulture)))]);
            await done.CancelAsync();
            var dearest = await watching;

            // It was worth the watching: the money was spent to the last machine that it paid for, again and again, and nothing failed but for want of it.
            Assert.InRange(dearest, Limit / 3, Limit);
            Assert.True(emulator.Cloud.Launched > atLeast, $"{emulator.Cloud.Launched} launched: {string.Join('\n', outputs)}");
            Assert.All(outputs.SelectMany(o => o.Split('\n')).Where(l => l.StartsWith("failed", StringComparison.Ordinal)), l => Assert.StartsWith("failed NoCapacity", l, StringComparison.Ordinal));
            Assert.Contains(outputs, o => o.Contains("MaxHourlyCost", StringComparison.Ordinal));
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    // An instance lives for two seconds at least, as EC2 does not know it before: none is missed.
    private static async Task<decimal> WatchAsync(EmulatedCloud cloud, CancellationToken done)
    {
        var dearest = 0m;
        while (!done.IsCancellationRequested)
        {
            lock (cloud.Gate) dearest = Math.Max(dearest, cloud.Instances.Where(i => !i.IsTerminated(cloud.Now)).Sum(i => PriceOf(i)));
            await Task.Delay(5, CancellationToken.None);
        }

        return dearest;
    }

    // By the list prices of the region, of which the emulator has those of machines itself: the machine and its disk.
    private static decimal PriceOf(EmulatedInstance instance) => instance.Type.Price + (instance.Volumes.Sum(volume => volume.SizeGiB) * DiskMonth / 730);

    private static async Task<string[]> EndWellAsync(SiteProcess[] processes)
    {
        try
        {
            var ends = await Task.WhenAll(processes.Select(p => p.WaitAsync()));
            Assert.All(ends, e => Assert.True(e.ExitCode == 0, e.Output + e.Error));
            return [.. ends.Select(e => e.Output)];
        }
        finally
        {
            foreach (var process in processes) process.Dispose();
        }
    }
}

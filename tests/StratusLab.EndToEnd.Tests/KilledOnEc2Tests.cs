using System.Collections.Concurrent;
using System.Globalization;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Sdk;
using Xunit;
using Xunit.Abstractions;

namespace StratusLab.EndToEnd.Tests;

/// <summary>
/// Kills a process (SIGKILL) that launches or removes many instances, before and after the effect and after the answer of each call that costs
/// money or ends it, and at other calls: who repairs and asks again has what was wanted, and not one instance more.
/// </summary>
public sealed class KilledOnEc2Tests(ITestOutputHelper output)
{
    // Two at once: a busy machine gives more of them so little that their hosts do not answer in time.
    private const int Count = 120, Lanes = 2, SigKilled = 137;

    // The VMs' labels leave room for so many names that fewer launches will not do.
    private const int Launches = 3;

    [Fact]
    public async Task Killed_at_any_step_on_EC2_has_exactly_the_wanted_VMs_after_repair()
    {
        var lanes = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(number => Lane.OpenAsync(number)));
        try
        {
            // An undisturbed run says how many calls there are.
            await lanes[0].LaunchAsync("undisturbed");
            var (launches, calls) = (lanes[0].CallsOf("RunInstances"), lanes[0].CallsOf(null));
            lanes[0].Forget();
            Assert.InRange(launches, Launches, 40);

            // Chance says in how many launches it is done, so that the last may not be reached.
            List<Kill> steps = [new Kill("RunInstances", launches, CallMoment.BeforeReply, IsRemoval: false)];
            foreach (var moment in Enum.GetValues<CallMoment>())
            {
                for (var number = 1; number <= Launches; number++) steps.Add(new Kill("RunInstances", number, moment, IsRemoval: false));
                steps.Add(new Kill("TerminateInstances", 1, moment, IsRemoval: true));
            }

            steps.AddRange(new[] { 1, calls / 3, calls * 2 / 3 }.Select(number => new Kill(null, number, CallMoment.AfterReply, IsRemoval: false)));
            var waiting = new ConcurrentQueue<Kill>(steps);
            var reached = 0;
            await Task.WhenAll(lanes.Select(async lane =>
            {
                while (waiting.TryDequeue(out var step))
                {
                    if (await lane.KillAsync(step, $"k{steps.IndexOf(step)}-")) Interlocked.Increment(ref reached);
                    lane.Forget();
                }
            }));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reached} of {steps.Count} kills were reached; {launches} launches and {calls} calls undisturbed"));
            Assert.InRange(reached, steps.Count - 2, steps.Count);
        }
        finally
        {
            foreach (var lane in lanes) await lane.DisposeAsync();
        }
    }

    private sealed record Kill(string? Action, int Number, CallMoment Moment, bool IsRemoval);

    /// <summary>A site with a region of its own, whose processes share a fast clock.</summary>
    private sealed class Lane(Ec2Emulator emulator, DirectoryInfo parent) : IAsyncDisposable
    {
        private readonly Dictionary<string, string> _environment = new(SiteProcess.KeysOf(emulator)) { ["SITE_CLOCK"] = string.Create(CultureInfo.InvariantCulture, $"15@{DateTime.UtcNow.Ticks}") };

        private int _before;

        private string Folder => Path.Combine(parent.FullName, "site");

        public static async Task<Lane> OpenAsync(int number)
        {
            var emulator = await Ec2Emulator.StartAsync(new EmulatorOptions { Seed = number + 1, DescribeLag = TimeSpan.FromSeconds(1), Validate = false });
            emulator.Faults.Add(new Fault { Kind = FaultKind.NoCapacity, Share = 0.4, IsPartial = true });
            var lane = new Lane(emulator, Directory.CreateTempSubdirectory("stratus-kill-"));
            await TinyImage.PublishAsync(lane.Folder, emulator.Cloud);
            await lane.RunAsync("register", "aws", $"ec2://eu-west-1?endpoint={Uri.EscapeDataString(emulator.Endpoint.AbsoluteUri)}", "1000");
            lane.Forget();
            return lane;
        }

        public int CallsOf(string? action) => emulator.Calls.Skip(_before).Count(call => action is null || call.Action == action);

        /// <summary>Begins anew in an empty region.</summary>
        public void Forget()
        {
            lock (emulator.Cloud.Gate) emulator.Cloud.Instances.Clear();
            _before = emulator.Calls.Count;
        }

        public async Task LaunchAsync(string prefix)
        {
            var there = (await RunAsync("launch", "aws", TinyImage.Name, prefix, $"{Count}")).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Assert.True(there.Length == Count && there.All(line => line.StartsWith("there ", StringComparison.Ordinal)), string.Join('\n', there.Where(line => !line.StartsWith("there ", StringComparison.Ordinal)).Append($"{there.Length} lines")));
            Assert.Equal(Count, there.Distinct().Count());
            Assert.Equal((Count, Count), (emulator.Cloud.Alive, emulator.Cloud.Launched));
        }

        /// <summary>Kills at a step, repairs, and asks for the same again.</summary>
        /// <returns>Whether the step was reached.</returns>
        public async Task<bool> KillAsync(Kill kill, string prefix)
        {
            if (kill.IsRemoval) await LaunchAsync(prefix);
            string[] command = kill.IsRemoval ? ["remove", .. VmNaming.Expand(prefix, Count)] : ["launch", "aws", TinyImage.Name, prefix, $"{Count}"];
            var isReached = await KilledAsync(kill, command);
            foreach (var line in (await RunAsync("repair")).Split('\n', StringSplitOptions.RemoveEmptyEntries)) Assert.DoesNotContain("Left", line, StringComparison.Ordinal);
            Assert.Equal(0, await CountOpenIntentsAsync());
            if (kill.IsRemoval)
            {
                await RunAsync(command);
                Assert.Equal((0, Count), (emulator.Cloud.Alive, emulator.Cloud.Launched));
            }
            else
            {
                await LaunchAsync(prefix);
            }

            Assert.Equal(0, await CountOpenIntentsAsync());
            return isReached;
        }

        public async ValueTask DisposeAsync()
        {
            await emulator.DisposeAsync();
            parent.Delete(recursive: true);
        }

        private async Task<bool> KilledAsync(Kill kill, string[] command)
        {
            var seen = 0;
            SiteProcess? process = null;
            emulator.OnCall = (action, moment) =>
            {
                if (moment != kill.Moment || (kill.Action ?? action) != action || Interlocked.Increment(ref seen) != kill.Number) return true;
                process!.Kill();
                return false;
            };
            using (process = Start(command))
            {
                var (exitCode, said, error) = await process.WaitAsync();
                emulator.OnCall = null;
                Assert.True(exitCode is 0 or SigKilled, $"{kill}: {exitCode} {said} {error}");
                return exitCode == SigKilled;
            }
        }

        private async Task<string> RunAsync(params string[] command)
        {
            using var process = Start(command);
            var (exitCode, said, error) = await process.WaitAsync();
            Assert.True(exitCode == 0, $"{command[0]}: {exitCode} {said} {error}");
            return said;
        }

        private SiteProcess Start(string[] command) => SiteProcess.Start(_environment, [command[0], Folder, .. command[1..]]);

        private async Task<int> CountOpenIntentsAsync()
        {
            await using var site = await StratusSite.OpenAsync(new SiteOptions { Folder = Folder, Providers = [] });
            var open = 0;
            await foreach (var _ in site.Journal.ListAsync(openOnly: true)) open++;
            return open;
        }
    }
}

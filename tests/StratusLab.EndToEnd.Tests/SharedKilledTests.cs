using System.Globalization;
using StratusLab.Ec2.Emulator;
using StratusLab.Rig.Databases;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.EndToEnd.Tests;

/// <summary>Kills a process (SIGKILL) that launches instances for a shared site: a process of another machine finds out what became of them, and goes on.</summary>
public sealed class SharedKilledTests
{
    private const int Count = 24, SigKilled = 137;

    [RequiresTheory(Need.Postgres)]
    [InlineData(CallMoment.BeforeEffect)]
    [InlineData(CallMoment.BeforeReply)]
    public async Task What_a_killed_process_launched_another_machine_goes_on_with(CallMoment moment)
    {
        await using var server = await PostgresServer.StartAsync();
        await using var emulator = await Ec2Emulator.StartAsync(new EmulatorOptions { DescribeLag = TimeSpan.FromSeconds(1), Validate = false });
        var database = await server.CreateDatabaseAsync();
        var environment = new Dictionary<string, string>(SiteProcess.KeysOf(emulator))
        {
            ["STRATUS_SITE"] = database,
            ["SITE_CLOCK"] = string.Create(CultureInfo.InvariantCulture, $"15@{DateTime.UtcNow.Ticks}"),
        };
        var parent = Directory.CreateTempSubdirectory("stratus-kill-");
        try
        {
            var here = Path.Combine(parent.FullName, "here");
            await TinyImage.PublishAsync(here, emulator.Cloud);
            var there = TinyImage.CopyFolder(here, Path.Combine(parent.FullName, "there"));
            await RunAsync("register", here, "aws", $"ec2://eu-west-1?endpoint={Uri.EscapeDataString(emulator.Endpoint.AbsoluteUri)}", "1000");
            await KillAsync(here);
            var open = await SqlAsync("SELECT count(*) FROM stratuslab.journal WHERE state = 'Open'");
            Assert.Equal(Count, open);

            // It may only have lost its connection, until the database's clock says that it was not heard of for too long.
            Assert.Empty(await RunAsync("repair", there));
            await SqlAsync("UPDATE stratuslab.site_session SET heard_at = heard_at - interval '1 hour' RETURNING 0");
            var repaired = await RunAsync("repair", there);
            Assert.Equal(Count, repaired.Length);
            Assert.DoesNotContain(repaired, line => line.Contains("Left", StringComparison.Ordinal));
            Assert.Equal(0, await SqlAsync("SELECT count(*) FROM stratuslab.journal WHERE state = 'Open'"));

            var lines = await RunAsync("launch", there, "aws", TinyImage.Name, "vm", $"{Count}");
            Assert.True(lines.Length == Count && lines.All(line => line.StartsWith("there ", StringComparison.Ordinal)), string.Join('\n', lines));
            Assert.Equal((Count, Count), (emulator.Cloud.Alive, emulator.Cloud.Launched));
        }
        finally
        {
            parent.Delete(recursive: true);
        }

        async Task KillAsync(string folder)
        {
            SiteProcess? process = null;
            var isKilled = 0;
            emulator.OnCall = (action, at) =>
            {
                if (at != moment || action != "RunInstances" || Interlocked.Exchange(ref isKilled, 1) != 0) return true;
                process!.Kill();
                return false;
            };
            using (process = SiteProcess.Start(environment, "launch", folder, "aws", TinyImage.Name, "vm", $"{Count}"))
            {
                var (exitCode, said, error) = await process.WaitAsync();
                emulator.OnCall = null;
                Assert.True(exitCode == SigKilled, $"{exitCode} {said} {error}");
            }
        }

        async Task<string[]> RunAsync(params string[] command)
        {
            using var process = SiteProcess.Start(environment, command);
            var (exitCode, said, error) = await process.WaitAsync();
            Assert.True(exitCode == 0, $"{command[0]}: {exitCode} {said} {error}");
            return said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        async Task<int> SqlAsync(string sql) =>
            int.Parse((await server.SqlAsync(PostgresServer.NameOf(database), sql)).Split('\n')[0], CultureInfo.InvariantCulture);
    }
}

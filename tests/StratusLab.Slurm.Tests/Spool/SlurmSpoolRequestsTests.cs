using StratusLab.Core;

namespace StratusLab.Slurm.Tests.Spool;

/// <summary>What a controller hears of the hook's spool when the folder cannot be read for a while.</summary>
public sealed class SlurmSpoolRequestsTests
{
    [Fact]
    public async Task Folder_that_was_away_is_told_and_read_again_when_it_is_back()
    {
        var parent = Directory.CreateTempSubdirectory("stratus-spool-");
        try
        {
            var folder = Path.Combine(parent.FullName, "spool");
            await using var requests = new SlurmSpoolRequests(folder);
            Directory.Delete(folder);
            var told = await UntilAsync(async () => await Record.ExceptionAsync(() => requests.ReadAsync()));
            Assert.Equal("SlurmSpoolUnusable", Assert.IsType<StratusException>(told).ErrorId);

            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "1795820000000000000-1-resume.json"), """{"version":1,"verb":"resume","nodes":"c[1-2]","at":1795820000}""");
            var request = await UntilAsync(async () =>
            {
                try
                {
                    return (await requests.ReadAsync()).SingleOrDefault();
                }
                catch (StratusException)
                {
                    // It may not have been back at the look before.
                    return null;
                }
            });
            Assert.Equal(["c1", "c2"], request.Nodes);
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        T? answer;
        while ((answer = await ask()) is null) await Task.Delay(50, limit.Token);
        return answer;
    }
}

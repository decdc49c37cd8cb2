using StratusLab.Sdk;
using StratusLab.Slurm;

namespace StratusLab.SiteProcess;

/// <summary>Controls a burst with Slurm and the spool of its hook, until it is stopped or killed; one line for each look.</summary>
internal static class Bursting
{
    public const string Refused = "refused ";

    /// <summary>Runs until the burst is stopped and has no nodes.</summary>
    /// <param name="site">The site.</param>
    /// <param name="arguments">The burst's name, its host and image, slurm.conf, the spool, and the files of user data and of the policy.</param>
    /// <returns>3 where it may not control the burst, or may no longer.</returns>
    public static async Task<int> RunAsync(StratusSite site, string[] arguments)
    {
        var (name, host, image, configuration, spool, userData, policy) = (arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], arguments[6]);
        await using var slurm = new SlurmBatchSystem(new SlurmOptions { ConfigurationFile = configuration });
        await using var requests = new SlurmSpoolRequests(spool);
        var options = new BurstOptions
        {
            Definition = new BurstDefinition { Name = name, HostName = host, Image = image, Policy = BurstPolicy.Parse(await File.ReadAllTextAsync(policy)) },
            BatchSystem = slurm,
            Requests = requests,
            UserData = await File.ReadAllTextAsync(userData),
        };
        try
        {
            await using var controller = await site.Bursts.StartAsync(options);
            Console.WriteLine("started");
            await foreach (var tick in controller.WatchAsync())
                Console.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {tick.State} nodes={tick.NodeCount} ready={tick.ReadyCount} waiting={tick.PendingJobs} {string.Join(", ", tick.Transitions.Select(t => $"{t.Node}:{t.To}"))} {string.Join(" | ", tick.Problems)}");
            return 0;
        }
        catch (Core.StratusException e) when (e.ErrorId is "BurstHeld" or "BurstTenureLost")
        {
            Console.WriteLine($"{Refused}{e.ErrorId} {e.Message}");
            return 3;
        }
    }
}

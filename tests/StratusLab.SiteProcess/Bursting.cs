using StratusLab.Core;
using StratusLab.GridEngine;
using StratusLab.Sdk;
using StratusLab.Slurm;

namespace StratusLab.SiteProcess;

/// <summary>Controls a burst until it is stopped or killed; one line for each look.</summary>
internal static class Bursting
{
    public const string Refused = "refused ";

    /// <summary>With Slurm and the spool of its hook.</summary>
    /// <param name="site">The site.</param>
    /// <param name="arguments">The burst's name, its host and image, slurm.conf, the spool, and the files of user data and of the policy.</param>
    /// <returns>3 where it may not control the burst, or may no longer.</returns>
    public static async Task<int> WithSlurmAsync(StratusSite site, string[] arguments)
    {
        await using var slurm = new SlurmBatchSystem(new SlurmOptions { ConfigurationFile = arguments[3] });
        await using var requests = new SlurmSpoolRequests(arguments[4]);
        return await RunAsync(site, arguments, slurm, requests);
    }

    /// <summary>With Grid Engine.</summary>
    /// <param name="site">The site.</param>
    /// <param name="arguments">As with Slurm, but the folder of Grid Engine's commands and the hosts file in the middle.</param>
    /// <inheritdoc cref="WithSlurmAsync" path="/returns"/>
    public static async Task<int> WithGridEngineAsync(StratusSite site, string[] arguments)
    {
        await using var engine = new GridEngineBatchSystem(new GridEngineOptions { ProgramFolder = arguments[3], HostsFile = arguments[4] });
        return await RunAsync(site, arguments, engine, null);
    }

    private static async Task<int> RunAsync(StratusSite site, string[] arguments, IBatchSystem batch, IBurstRequests? requests)
    {
        var (name, host, image, userData, policy) = (arguments[0], arguments[1], arguments[2], arguments[5], arguments[6]);
        var options = new BurstOptions
        {
            Definition = new BurstDefinition { Name = name, HostName = host, Image = image, Policy = BurstPolicy.Parse(await File.ReadAllTextAsync(policy)) },
            BatchSystem = batch,
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
        catch (StratusException e) when (e.ErrorId is "BurstHeld" or "BurstTenureLost")
        {
            Console.WriteLine($"{Refused}{e.ErrorId} {e.Message}");
            return 3;
        }
    }
}

using StratusLab.Sdk;

namespace StratusLab.EndToEnd.Tests.Bursting;

/// <summary>What a centre that bursts is like.</summary>
internal sealed record Ec2BurstSiteOptions
{
    /// <summary>How many nodes may come.</summary>
    public required int CloudNodes { get; init; }

    public required BurstPolicy Policy { get; init; }

    /// <summary>The size of the file system that the site's folder is to be; null for none of its own.</summary>
    public string? DiskSize { get; init; }

    /// <summary>The database by which machines share the site; null for a site of one machine.</summary>
    public string? Database { get; init; }

    /// <summary>For how long nodes wait for their first lease.</summary>
    public TimeSpan NodeLease { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether nodes look at their lease every ten seconds, and not every minute.</summary>
    public bool LooksOften { get; init; }
}

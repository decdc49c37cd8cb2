using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>How a site is opened.</summary>
public sealed record SiteOptions
{
    /// <summary>The folder of the catalogue, the images and the locks; made if it is not there, for its owner only.</summary>
    public string Folder { get; init; } = SiteFolder.Default;

    /// <summary>
    /// The PostgreSQL database of a shared site, such as <c>postgresql://stratus@db.example.org/stratus</c>, without a password; null for a site of this
    /// folder alone. By default <c>$STRATUS_SITE</c>.
    /// </summary>
    public string? Database { get; init; } = SiteFolder.DefaultDatabase;

    /// <summary>What can run VMs, by URI scheme.</summary>
    public required IReadOnlyList<IComputeProviderFactory> Providers { get; init; }

    /// <summary>The clock for creation times, expiry and timeouts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Who asks; written into every VM that is made. By default the user and the machine.</summary>
    public string Owner { get; init; } = $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>How the processes of a shared site hear of each other.</summary>
    internal SessionPace Pace { get; init; } = SessionPace.Default;
}

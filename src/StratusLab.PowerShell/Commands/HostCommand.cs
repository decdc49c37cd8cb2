using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>A cmdlet that works on registered hosts, one after another.</summary>
public abstract class HostCommand : StratusCmdlet
{
    /// <summary>The names to work on.</summary>
    private protected abstract string[] Names { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            foreach (var host in await FindAsync(site, Names, pipeline, cancel).ConfigureAwait(false))
            {
                try
                {
                    await WorkAsync(host, site, pipeline, cancel).ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    await pipeline.WriteErrorAsync(e.ToErrorRecord(host.Name)).ConfigureAwait(false);
                }
            }
        });

    /// <summary>The hosts that the names match; tells each literal name that is not there.</summary>
    internal static async Task<IReadOnlyList<HostDefinition>> FindAsync(StratusSite site, IEnumerable<string> names, IPipeline pipeline, CancellationToken cancellationToken)
    {
        var patterns = new NamePatterns(names);
        var hosts = new List<HostDefinition>();
        await foreach (var host in site.Hosts.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (patterns.Match(host.Name)) hosts.Add(host);
        }

        foreach (var name in patterns.Unmatched) await pipeline.WriteErrorAsync(ErrorRecords.HostNotFound(name)).ConfigureAwait(false);
        return hosts;
    }

    /// <summary>Does the work on one host.</summary>
    private protected abstract Task WorkAsync(HostDefinition host, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken);
}

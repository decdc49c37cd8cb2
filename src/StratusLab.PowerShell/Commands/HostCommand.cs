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

    internal static Task<IReadOnlyList<HostDefinition>> FindAsync(StratusSite site, string[] names, IPipeline pipeline, CancellationToken cancellationToken) =>
        NamePatterns.SelectAsync(
            site.Hosts.ListAsync(cancellationToken),
            host => [host.Name],
            names,
            pipeline,
            name => new StratusException("HostNotFound", StratusErrorKind.NotFound, $"There is no host named '{name}' in this site."),
            cancellationToken);

    /// <summary>Does the work on one host.</summary>
    private protected abstract Task WorkAsync(HostDefinition host, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken);
}

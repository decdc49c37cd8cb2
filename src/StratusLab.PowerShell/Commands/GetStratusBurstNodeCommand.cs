using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Lists the nodes of bursts, or what they went through.</summary>
[Cmdlet(VerbsCommon.Get, "StratusBurstNode", DefaultParameterSetName = "Node")]
[OutputType(typeof(BurstNodeRecord), typeof(BurstTransition))]
public sealed class GetStratusBurstNodeCommand : StratusCmdlet
{
    /// <summary>Names of bursts, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(BurstNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Names of nodes, with wildcards.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Node { get; set; } = ["*"];

    /// <summary>Also lives that are over.</summary>
    [Parameter(ParameterSetName = "Node")]
    public SwitchParameter IncludeEnded { get; set; }

    /// <summary>What the nodes went through and why, the newest first.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "History")]
    public SwitchParameter History { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            var nodes = new NamePatterns(Node);
            foreach (var burst in await StopStratusBurstCommand.FindAsync(site, Name, pipeline, cancel).ConfigureAwait(false))
            {
                if (History)
                {
                    await foreach (var step in site.Bursts.ListTransitionsAsync(burst.Name, cancellationToken: cancel).ConfigureAwait(false))
                        if (nodes.Match(step.Node)) await pipeline.WriteAsync(step).ConfigureAwait(false);
                    continue;
                }

                await foreach (var node in site.Bursts.ListNodesAsync(burst.Name, IncludeEnded, cancel).ConfigureAwait(false))
                    if (nodes.Match(node.Name)) await pipeline.WriteAsync(node).ConfigureAwait(false);
            }
        });
}

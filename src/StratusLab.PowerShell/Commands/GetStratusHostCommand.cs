using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Lists registered hosts with what they report now.</summary>
[Cmdlet(VerbsCommon.Get, "StratusHost")]
[OutputType(typeof(StratusHost))]
public sealed class GetStratusHostCommand : StratusCmdlet
{
    private const int AtOnce = 32;

    private readonly List<string> _names = [];

    /// <summary>Names of hosts, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Do not ask the hosts: only what the site's catalogue knows.</summary>
    [Parameter]
    public SwitchParameter NoStatus { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _names.AddRange(Name);

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        Run(async (pipeline, site, cancel) =>
        {
            var hosts = await HostCommand.FindAsync(site, _names, pipeline, cancel).ConfigureAwait(false);
            foreach (var some in hosts.Chunk(AtOnce))
            {
                var asked = some.Select(host => DescribeAsync(host, site, cancel)).ToArray();
                foreach (var host in asked) await pipeline.WriteAsync(await host.ConfigureAwait(false)).ConfigureAwait(false);
            }
        });

    private async Task<StratusHost> DescribeAsync(HostDefinition host, StratusSite site, CancellationToken cancellationToken) => new()
    {
        Definition = host,
        Status = NoStatus ? null : await site.Hosts.InspectAsync(host.Name, cancellationToken).ConfigureAwait(false),
    };
}

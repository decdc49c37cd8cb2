using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Checks what hosts need in order to run VMs, and says how to get what is missing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "StratusHost")]
[OutputType(typeof(HostCheck))]
public sealed class TestStratusHostCommand : HostCommand
{
    /// <summary>Names of hosts, with wildcards; all if left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    private protected override string[] Names => Name;

    private protected override async Task WorkAsync(HostDefinition host, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        await foreach (var check in site.Hosts.TestAsync(host.Name, cancellationToken).ConfigureAwait(false))
            await pipeline.WriteAsync(check).ConfigureAwait(false);
    }
}

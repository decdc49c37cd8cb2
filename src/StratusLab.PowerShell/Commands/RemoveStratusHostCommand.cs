using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Makes the site forget hosts; their VMs are never touched.</summary>
[Cmdlet(VerbsCommon.Remove, "StratusHost", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveStratusHostCommand : HostCommand
{
    /// <summary>Names of hosts, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Forget the host even if it runs VMs of ours or does not answer.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string[] Names => Name;

    private protected override async Task WorkAsync(HostDefinition host, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync($"host '{host.Name}' at {host.Uri}", "Forget").ConfigureAwait(false))
            await site.Hosts.RemoveAsync(host.Name, Force, cancellationToken).ConfigureAwait(false);
    }
}

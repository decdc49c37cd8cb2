using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>A cmdlet that changes the power state of VMs.</summary>
public abstract class VmPowerCommand : VmOutcomeCommand
{
    /// <summary>Write the VMs to the output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override bool EmitsVms => PassThru;

    private protected abstract PowerAction PowerAction { get; }

    private protected override IAsyncEnumerable<VmOutcome> OutcomesAsync(
        IReadOnlyList<VmId> vms, StratusSite site, IProgress<SiteProgress> progress, CancellationToken cancellationToken) =>
        site.Vms.ChangePowerAsync(vms, PowerAction, cancellationToken);
}

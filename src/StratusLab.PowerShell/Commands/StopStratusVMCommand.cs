using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Shuts VMs down and waits until they are off.</summary>
[Cmdlet(VerbsLifecycle.Stop, "StratusVM", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VirtualMachine))]
public sealed class StopStratusVMCommand : VmOutcomeCommand
{
    /// <summary>Cut the power of a guest that has not shut down in time; data not yet written is lost.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Do not wait until the guests are off, only until they were asked.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Seconds that a guest may take, 0 to 3600. With <c>-Force</c> and 0 the power is cut at once.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int TimeoutSec { get; set; } = 60;

    /// <summary>Write the VMs to the output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Action => Force && TimeoutSec == 0 ? "Power off" : "Stop";

    private protected override bool EmitsVms => PassThru;

    private protected override IAsyncEnumerable<VmOutcome> OutcomesAsync(
        IReadOnlyList<VmId> vms, StratusSite site, IProgress<SiteProgress> progress, CancellationToken cancellationToken) =>
        site.Vms.StopAsync(vms, new StopOptions { Force = Force, Wait = !NoWait, Timeout = TimeSpan.FromSeconds(TimeoutSec) }, cancellationToken);
}

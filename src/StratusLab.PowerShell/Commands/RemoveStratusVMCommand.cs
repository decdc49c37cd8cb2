using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Removes VMs with everything that was made for them.</summary>
[Cmdlet(VerbsCommon.Remove, "StratusVM", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveStratusVMCommand : VmOutcomeCommand
{
    /// <summary>Cut the power of a guest that has not shut down in time; without it such a VM is kept and reported.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Seconds that a guest may take to shut down, 0 to 3600. With <c>-Force</c> and 0 it is not asked.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int TimeoutSec { get; set; } = 60;

    private protected override string Action => "Remove";

    private protected override bool EmitsVms => false;

    private protected override string RestHint =>
        "What was begun is carried through at the next start or by Repair-StratusSite; Get-StratusVM shows what is there.";

    private protected override IAsyncEnumerable<VmOutcome> OutcomesAsync(
        IReadOnlyList<VmId> vms, StratusSite site, IProgress<SiteProgress> progress, CancellationToken cancellationToken) =>
        site.Vms.RemoveAsync(vms, new DeleteOptions { Force = Force, ShutdownTimeout = TimeSpan.FromSeconds(TimeoutSec) }, progress, cancellationToken);
}

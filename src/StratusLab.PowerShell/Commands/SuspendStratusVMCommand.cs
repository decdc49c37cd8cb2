using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Holds VMs in memory.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "StratusVM", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VirtualMachine))]
public sealed class SuspendStratusVMCommand : VmPowerCommand
{
    private protected override string Action => "Suspend";

    private protected override PowerAction PowerAction => PowerAction.Suspend;
}

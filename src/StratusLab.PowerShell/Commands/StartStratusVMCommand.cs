using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Powers VMs on.</summary>
[Cmdlet(VerbsLifecycle.Start, "StratusVM", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VirtualMachine))]
public sealed class StartStratusVMCommand : VmPowerCommand
{
    private protected override string Action => "Start";

    private protected override PowerAction PowerAction => PowerAction.Start;
}

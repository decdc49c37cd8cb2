using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Lets suspended VMs go on.</summary>
[Cmdlet(VerbsLifecycle.Resume, "StratusVM", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VirtualMachine))]
public sealed class ResumeStratusVMCommand : VmPowerCommand
{
    private protected override string Action => "Resume";

    private protected override PowerAction PowerAction => PowerAction.Resume;
}

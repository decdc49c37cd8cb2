using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Reboots VMs.</summary>
[Cmdlet(VerbsLifecycle.Restart, "StratusVM", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VirtualMachine))]
public sealed class RestartStratusVMCommand : VmPowerCommand
{
    /// <summary>Press the reset button instead of asking the guest; data not yet written is lost.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string Action => Force ? "Reset" : "Restart";

    private protected override PowerAction PowerAction => Force ? PowerAction.Reset : PowerAction.Reboot;
}

using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Copies files into VMs, or from them.</summary>
[Cmdlet(VerbsCommon.Copy, "StratusVMFile", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(GuestCopyResult))]
public sealed class CopyStratusVMFileCommand() : GuestVmCommand(timeoutSec: 1800, throttleLimit: 16)
{
    /// <summary>The file or folder to copy.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Where it goes.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = string.Empty;

    /// <summary>Copy from the VMs to this machine; without it, from this machine into the VMs.</summary>
    [Parameter]
    public SwitchParameter FromVM { get; set; }

    /// <summary>Copy folders with all that is in them.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Write a result per VM to the output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Action => FromVM ? $"Copy {Path} to {Destination} here" : $"Copy {Path} to {Destination} in the VM";

    private protected override Task WorkAsync(IReadOnlyList<VirtualMachine> vms, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        var copy = new GuestCopy
        {
            Source = FromVM ? Path : GetUnresolvedProviderPathFromPSPath(Path),
            Destination = FromVM ? GetUnresolvedProviderPathFromPSPath(Destination) : Destination,
            Direction = FromVM ? GuestCopyDirection.FromVM : GuestCopyDirection.ToVM,
            Recurse = Recurse,
            Channel = Way,
            User = UserName,
            KeyFile = KeyFile,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            ThrottleLimit = ThrottleLimit,
        };
        return WriteAsync(vms, site.Guests.CopyAsync(vms, copy, cancellationToken), result => (result.VmId, result.Failure), "Copying files", PassThru, pipeline);
    }

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Done < Total ? $"Copy-StratusVMFile was stopped: {Done} of {Total} VMs are done; what was being copied to or from the others is incomplete." : null);
}

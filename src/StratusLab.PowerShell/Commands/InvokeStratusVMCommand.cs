using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Runs a command or a script in VMs, many at once, and writes one result per VM.</summary>
/// <remarks>
/// Over ssh a command line is visible in the process lists of this machine and of the guest while it runs, and so are the arguments
/// of a script; a script itself goes over standard input. Secrets belong into a script or a file.
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "StratusVM", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(GuestCommandResult))]
public sealed class InvokeStratusVMCommand() : GuestVmCommand(timeoutSec: 600, throttleLimit: 32)
{
    /// <summary>A command line for the guest's shell. Process lists show it while it runs.</summary>
    [Parameter(Position = 1)]
    [Alias("ScriptBlock")]
    [ValidateNotNullOrEmpty]
    public string? Command { get; set; }

    /// <summary>A POSIX shell script on this machine, which is run in the guest. It goes over standard input, so that process lists do not show it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FilePath { get; set; }

    /// <summary>Arguments of the command or script, handed over unchanged. Process lists show them while it runs.</summary>
    [Parameter]
    [Alias("Args")]
    public string[] ArgumentList { get; set; } = [];

    private protected override string Action => FilePath is null ? $"Run '{Command}'" : $"Run the script {FilePath}";

    private protected override void CheckParameters()
    {
        if (Command is null == FilePath is null)
            throw new InvalidInputException("ConflictingParameters", "Say what to run: either -Command or -FilePath.", "Command");
    }

    private protected override async Task WorkAsync(IReadOnlyList<VirtualMachine> vms, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        var command = new GuestCommand
        {
            CommandLine = Command,
            Script = FilePath is null ? null : await TextSource.ReadFileAsync(GetUnresolvedProviderPathFromPSPath(FilePath), "FilePath", cancellationToken).ConfigureAwait(false),
            Arguments = ArgumentList,
            Channel = Way,
            User = UserName,
            KeyFile = KeyFile,
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            ThrottleLimit = ThrottleLimit,
        };
        await WriteAsync(vms, site.Guests.InvokeAsync(vms, command, cancellationToken), result => (result.VmId, result.Failure), "Running in VMs", emits: true, pipeline).ConfigureAwait(false);
    }

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Done < Total ? $"Invoke-StratusVM was stopped: {Done} of {Total} VMs have answered; in the others the command may still run." : null);
}

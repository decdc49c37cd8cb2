using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Runs a command or a script in VMs, many at once, and writes one result per VM.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "StratusVM", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(GuestCommandResult))]
public sealed class InvokeStratusVMCommand : VmCommand
{
    private int _total;
    private int _done;

    /// <summary>A command line for the guest's shell.</summary>
    [Parameter(Position = 1)]
    [Alias("ScriptBlock")]
    [ValidateNotNullOrEmpty]
    public string? Command { get; set; }

    /// <summary>A POSIX shell script on this machine, which is run in the guest.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? FilePath { get; set; }

    /// <summary>Arguments of the command or script, handed over unchanged.</summary>
    [Parameter]
    [Alias("Args")]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>The way into the guest.</summary>
    [Parameter]
    [ValidateSet(nameof(GuestChannel.Auto), nameof(GuestChannel.Ssh), nameof(GuestChannel.Agent))]
    public string Channel { get; set; } = nameof(GuestChannel.Auto);

    /// <summary>The user over ssh; by default the image's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    /// <summary>File of the private key; by default what ssh is configured for.</summary>
    [Parameter]
    [Alias("IdentityFilePath")]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>Seconds that one VM may take, 1 to 86400.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>How many VMs are worked on at once, 1 to 256.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 32;

    private protected override string Action => FilePath is null ? $"Run '{Command}'" : $"Run the script {FilePath}";

    private protected override bool NeedsAddresses => true;

    private protected override void CheckParameters()
    {
        if (Command is null == FilePath is null)
            throw new InvalidInputException("ConflictingParameters", "Say what to run: either -Command or -FilePath.", "Command");
    }

    private protected override async Task WorkAsync(IReadOnlyList<VirtualMachine> vms, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        _total = vms.Count;
        var command = new GuestCommand
        {
            CommandLine = Command,
            Script = FilePath is null ? null : await TextSource.ReadFileAsync(GetUnresolvedProviderPathFromPSPath(FilePath), "FilePath", cancellationToken).ConfigureAwait(false),
            Arguments = ArgumentList,
            Channel = Enum.Parse<GuestChannel>(Channel, ignoreCase: true),
            User = UserName,
            KeyFile = KeyFilePath is null ? null : GetUnresolvedProviderPathFromPSPath(KeyFilePath),
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            ThrottleLimit = ThrottleLimit,
        };
        var byId = vms.ToDictionary(vm => vm.Id);
        using var progress = new ProgressSink(pipeline);
        await foreach (var result in site.Guests.InvokeAsync(vms, command, cancellationToken).ConfigureAwait(false))
        {
            progress.Report(new SiteProgress("Running in VMs", ++_done, _total, null, null));
            await pipeline.WriteAsync(result).ConfigureAwait(false);
            if (result.Failure is { } error) await pipeline.WriteErrorAsync(error.ToErrorRecord(byId.GetValueOrDefault(result.VmId))).ConfigureAwait(false);
        }
    }

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_done < _total ? $"Invoke-StratusVM was stopped: {_done} of {_total} VMs have answered; in the others the command may still run." : null);
}

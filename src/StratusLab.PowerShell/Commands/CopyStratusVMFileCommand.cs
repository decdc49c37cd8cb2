using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Copies files into VMs, or from them.</summary>
[Cmdlet(VerbsCommon.Copy, "StratusVMFile", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(GuestCopyResult))]
public sealed class CopyStratusVMFileCommand : VmCommand
{
    private int _total;
    private int _done;

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
    public int TimeoutSec { get; set; } = 1800;

    /// <summary>How many VMs are worked on at once, 1 to 256.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>Write a result per VM to the output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Action => FromVM ? $"Copy {Path} to {Destination} here" : $"Copy {Path} to {Destination} in the VM";

    private protected override bool NeedsAddresses => true;

    private protected override async Task WorkAsync(IReadOnlyList<VirtualMachine> vms, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        _total = vms.Count;
        var copy = new GuestCopy
        {
            Source = FromVM ? Path : GetUnresolvedProviderPathFromPSPath(Path),
            Destination = FromVM ? GetUnresolvedProviderPathFromPSPath(Destination) : Destination,
            Direction = FromVM ? GuestCopyDirection.FromVM : GuestCopyDirection.ToVM,
            Recurse = Recurse,
            Channel = Enum.Parse<GuestChannel>(Channel, ignoreCase: true),
            User = UserName,
            KeyFile = KeyFilePath is null ? null : GetUnresolvedProviderPathFromPSPath(KeyFilePath),
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            ThrottleLimit = ThrottleLimit,
        };
        var byId = vms.ToDictionary(vm => vm.Id);
        using var progress = new ProgressSink(pipeline);
        await foreach (var result in site.Guests.CopyAsync(vms, copy, cancellationToken).ConfigureAwait(false))
        {
            progress.Report(new SiteProgress("Copying files", ++_done, _total, null, null));
            if (result.Failure is { } error) await pipeline.WriteErrorAsync(error.ToErrorRecord(byId.GetValueOrDefault(result.VmId))).ConfigureAwait(false);
            if (PassThru) await pipeline.WriteAsync(result).ConfigureAwait(false);
        }
    }

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_done < _total ? $"Copy-StratusVMFile was stopped: {_done} of {_total} VMs are done; what was being copied to or from the others is incomplete." : null);
}

using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>A cmdlet that works inside VMs, many at once.</summary>
/// <param name="timeoutSec">Seconds that one VM may take unless the user says otherwise.</param>
/// <param name="throttleLimit">How many VMs are worked on at once unless the user says otherwise.</param>
public abstract class GuestVmCommand(int timeoutSec, int throttleLimit) : VmCommand
{
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
    public int TimeoutSec { get; set; } = timeoutSec;

    /// <summary>How many VMs are worked on at once, 1 to 256.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = throttleLimit;

    /// <summary>VMs whose work is done, well or badly.</summary>
    private protected int Done { get; private set; }

    /// <summary>VMs that were agreed to.</summary>
    private protected int Total { get; private set; }

    private protected override bool NeedsAddresses => true;

    private protected GuestChannel Way => Enum.Parse<GuestChannel>(Channel, ignoreCase: true);

    private protected string? KeyFile => FullPathOf(KeyFilePath);

    /// <summary>Writes what comes of the work, and an error for each VM where it failed.</summary>
    private protected async Task WriteAsync<T>(
        IReadOnlyList<VirtualMachine> vms, IAsyncEnumerable<T> results, Func<T, (VmId Vm, StratusException? Failure)> outcome, string activity, bool emits, IPipeline pipeline)
        where T : class
    {
        Total = vms.Count;
        var byId = vms.ToDictionary(vm => vm.Id);
        using var progress = new ProgressSink(pipeline);
        await foreach (var result in results.ConfigureAwait(false))
        {
            progress.Report(new SiteProgress(activity, ++Done, Total, null, null));
            if (emits) await pipeline.WriteAsync(result).ConfigureAwait(false);
            if (outcome(result) is (var vm, { } error)) await pipeline.WriteErrorAsync(error.ToErrorRecord(byId.GetValueOrDefault(vm))).ConfigureAwait(false);
        }
    }
}

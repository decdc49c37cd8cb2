using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Waits until VMs are as far as asked, and writes each as it gets there.</summary>
[Cmdlet(VerbsLifecycle.Wait, "StratusVM", DefaultParameterSetName = ByVM)]
[OutputType(typeof(VirtualMachine))]
public sealed class WaitStratusVMCommand : VmOutcomeCommand
{
    /// <summary>What to wait for.</summary>
    [Parameter]
    [ValidateSet(nameof(VmCondition.Running), nameof(VmCondition.Address), nameof(VmCondition.Ssh), nameof(VmCondition.CloudInit), nameof(VmCondition.Stopped))]
    public string For { get; set; } = nameof(VmCondition.Address);

    /// <summary>Seconds to wait, for all VMs together, 1 to 86400.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>With <c>-For CloudInit</c> and no guest agent: the user over ssh; by default the image's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    /// <summary>With <c>-For CloudInit</c> and no guest agent: file of the private key; by default what ssh is configured for.</summary>
    [Parameter]
    [Alias("IdentityFilePath")]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    private protected override string Action => "Wait for";

    private protected override bool EmitsVms => true;

    private protected override string RestHint => "Waiting changes nothing; Get-StratusVM shows how far they are.";

    // Nothing is changed, so nothing is asked.
    private protected override Task<bool> AgreesAsync(VirtualMachine vm, IPipeline pipeline) => Task.FromResult(true);

    private protected override IAsyncEnumerable<VmOutcome> OutcomesAsync(
        IReadOnlyList<VmId> vms, StratusSite site, IProgress<SiteProgress> progress, CancellationToken cancellationToken)
    {
        var access = new GuestAccess { User = UserName, KeyFile = FullPathOf(KeyFilePath) };
        return site.Vms.WaitAsync(vms, Enum.Parse<VmCondition>(For, ignoreCase: true), TimeSpan.FromSeconds(TimeoutSec), progress, access, cancellationToken);
    }
}

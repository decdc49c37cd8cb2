using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Replaces the labels of VMs, or changes when they expire.</summary>
[Cmdlet(VerbsCommon.Set, "StratusVM", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VirtualMachine))]
public sealed class SetStratusVMCommand : VmOutcomeCommand
{
    private const int AtOnce = 32;

    /// <summary>The labels that the VMs shall have, all of them; an empty table removes them.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Label { get; set; }

    /// <summary>After what time from now the VMs may be removed, such as <c>8h</c>.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? ExpiresAfter { get; set; }

    /// <summary>Let the VMs live until they are removed.</summary>
    [Parameter]
    public SwitchParameter NeverExpires { get; set; }

    /// <summary>Write the VMs to the output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string Action => "Set";

    private protected override bool EmitsVms => PassThru;

    private protected override void CheckParameters()
    {
        if (ExpiresAfter is not null && NeverExpires)
            throw new InvalidInputException("ConflictingParameters", "-ExpiresAfter and -NeverExpires exclude each other.", "NeverExpires");
        if (ExpiresAfter is { } after && after <= TimeSpan.Zero)
            throw new InvalidInputException("InvalidExpiry", $"-ExpiresAfter {after} is not in the future.", "ExpiresAfter");
        if (Label is null && ExpiresAfter is null && !NeverExpires)
            throw new InvalidInputException("NothingToChange", "Say what to change: -Label, -ExpiresAfter or -NeverExpires.");
        _ = Labels.From(Label);
    }

    private protected override async IAsyncEnumerable<VmOutcome> OutcomesAsync(
        IReadOnlyList<VmId> vms, StratusSite site, IProgress<SiteProgress> progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var change = new VmChange
        {
            Labels = Label is null ? null : Labels.From(Label),
            ExpiresAt = NeverExpires ? DateTimeOffset.MaxValue : ExpiresAfter is { } after ? DateTimeOffset.UtcNow + after : null,
        };
        foreach (var some in vms.Chunk(AtOnce))
        {
            foreach (var outcome in await Task.WhenAll(some.Select(vm => UpdateAsync(vm, change, site, cancellationToken))).ConfigureAwait(false))
                yield return outcome;
        }
    }

    private static async Task<VmOutcome> UpdateAsync(VmId vm, VmChange change, StratusSite site, CancellationToken cancellationToken)
    {
        try
        {
            return new VmOutcome { Id = vm, Vm = await site.Vms.UpdateAsync(vm, change, cancellationToken).ConfigureAwait(false) };
        }
        catch (StratusException e)
        {
            return new VmOutcome { Id = vm, Error = e };
        }
    }
}

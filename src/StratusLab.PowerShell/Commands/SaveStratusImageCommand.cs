using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Makes a VM an image.</summary>
[Cmdlet(VerbsData.Save, "StratusImage", DefaultParameterSetName = ByVM, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StratusImage))]
public sealed class SaveStratusImageCommand : ImageMakingCommand
{
    private const string ByVM = "VM";
    private const string ByVMName = "VMName";

    /// <summary>The VM, as <c>Get-StratusVM</c> gives it. It runs or is off, and stays as it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByVM)]
    [ArgumentCompleter(typeof(VmNameCompleter))]
    [ValidateNotNull]
    public VirtualMachine VM { get; set; } = null!;

    /// <summary>The name of the VM.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByVMName)]
    [ArgumentCompleter(typeof(VmNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string VMName { get; set; } = string.Empty;

    /// <summary>The host on which the name is looked for; any if left out.</summary>
    [Parameter(ParameterSetName = ByVMName)]
    [Alias("Host")]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    public string? HostName { get; set; }

    /// <summary>The image's name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Take the disk of a VM that is off as it is: host keys, machine-id and logs go into the image.</summary>
    [Parameter]
    public SwitchParameter SkipCleaning { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        VirtualMachine? vm = null;
        Run(async (pipeline, site, cancel) =>
        {
            var found = ParameterSetName == ByVM ? VM : await FindAsync(site, pipeline, cancel).ConfigureAwait(false);
            if (found is not null && await pipeline.ShouldProcessAsync($"VM '{found.Name}' on host '{found.Host}'", $"Save as image '{Name}:{Version}'").ConfigureAwait(false)) vm = found;
        });
        if (vm is null) return;
        var saving = new ImageSaving
        {
            VM = vm.Id,
            Name = Name,
            Version = Version,
            Title = Title,
            Description = Description,
            Creator = Creator,
            ValidUntil = ValidUntil,
            InboundPorts = InboundPort,
            Labels = Labels.From(Label),
            Timeout = TimeSpan.FromSeconds(TimeoutSec),
            LogPath = FullPathOf(LogPath),
            SkipCleaning = SkipCleaning,
        };
        RunOrStart((pipeline, site, cancel) => MakeAsync($"image '{Name}:{Version}'", (maker, progress, ct) => maker.SaveAsync(saving, progress, ct), pipeline, site, cancel));
    }

    private async Task<VirtualMachine?> FindAsync(StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        var selection = new VmSelection();
        selection.Add([WildcardPattern.Escape(VMName)], HostName is null ? null : [HostName]);
        var found = await selection.ResolveAsync(site, pipeline, new VmFilter { WithAddresses = false }, cancellationToken).ConfigureAwait(false);
        if (found.Count <= 1) return found.Count == 1 ? found[0] : null;
        throw new InvalidInputException("VmNameAmbiguous", $"There are VMs '{VMName}' on the hosts {string.Join(", ", found.Select(v => v.Host))}. Say which with -HostName.", "VMName") { Resource = VMName };
    }
}

using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Adds a size of the site's own.</summary>
[Cmdlet(VerbsCommon.New, "StratusSize", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(VmSize))]
public sealed class NewStratusSizeCommand : StratusCmdlet
{
    /// <summary>The name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Virtual CPUs.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    public int Cpu { get; set; }

    /// <summary>Memory, such as <c>8GB</c>.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [ByteSizeTransformation]
    public ByteSize Memory { get; set; }

    /// <summary>Size of the system disk; left out or 0, the image's own.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ByteSizeTransformation]
    public ByteSize Disk { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            if (!await pipeline.ShouldProcessAsync($"size '{Name}' ({Cpu} CPU, {Memory})", "Add").ConfigureAwait(false)) return;
            await pipeline.WriteAsync(await site.Sizes.AddAsync(new VmSize(Name, Cpu, Memory, Disk), cancel).ConfigureAwait(false)).ConfigureAwait(false);
        });
}

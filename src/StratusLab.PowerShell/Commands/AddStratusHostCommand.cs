using System.Collections;
using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Registers a host with the site.</summary>
[Cmdlet(VerbsCommon.Add, "StratusHost", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StratusHost))]
public sealed class AddStratusHostCommand : StratusCmdlet
{
    /// <summary>The name by which the site shall call it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Where it is, such as <c>qemu+ssh://root@node1/system</c>.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Uri { get; set; } = string.Empty;

    /// <summary>Labels that placement can ask for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Hashtable? Label { get; set; }

    /// <summary>How guests are to be executed; <c>Auto</c> finds out what works.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Accelerator Accelerator { get; set; }

    /// <summary>Virtual CPUs placed per physical CPU, 0.1 to 64.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.1, 64.0)]
    public double CpuOvercommit { get; set; } = 4;

    /// <summary>Memory placed per physical memory, 0.1 to 4; 1 for never more than there is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.1, 4.0)]
    public double MemoryOvercommit { get; set; } = 1;

    /// <summary>Storage pool for images and disks.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Pool { get; set; } = "default";

    /// <summary>Network that VMs join unless they ask for another.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Network { get; set; } = "default";

    /// <summary>How much of the pool images may take together; without it there is no limit.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ByteSizeTransformation]
    public ByteSize? ImageCacheLimit { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            var host = new HostDefinition
            {
                Name = Name,
                Uri = Uri,
                Labels = Labels.From(Label),
                Accelerator = Accelerator,
                CpuOvercommit = CpuOvercommit,
                MemoryOvercommit = MemoryOvercommit,
                Pool = Pool,
                Network = Network,
                ImageCacheLimit = ImageCacheLimit,
            };
            if (!await pipeline.ShouldProcessAsync($"host '{Name}' at {Uri}", "Register").ConfigureAwait(false)) return;

            var added = await site.Hosts.AddAsync(host, cancel).ConfigureAwait(false);
            var status = await site.Hosts.InspectAsync(added.Name, cancel).ConfigureAwait(false);
            await pipeline.WriteAsync(new StratusHost { Definition = added, Status = status }).ConfigureAwait(false);
        });
}

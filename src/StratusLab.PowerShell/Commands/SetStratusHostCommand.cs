using System.Collections;
using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Changes how the site uses a host.</summary>
[Cmdlet(VerbsCommon.Set, "StratusHost", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StratusHost))]
public sealed class SetStratusHostCommand : HostCommand
{
    /// <summary>Names of hosts, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The labels that the host shall have, all of them; an empty table removes them.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable? Label { get; set; }

    /// <summary>How guests are to be executed; <c>Auto</c> finds out anew what works.</summary>
    [Parameter]
    public Accelerator? Accelerator { get; set; }

    /// <summary>Virtual CPUs placed per physical CPU, 0.1 to 64.</summary>
    [Parameter]
    [ValidateRange(0.1, 64.0)]
    public double? CpuOvercommit { get; set; }

    /// <summary>Memory placed per physical memory, 0.1 to 4; 1 for never more than there is.</summary>
    [Parameter]
    [ValidateRange(0.1, 4.0)]
    public double? MemoryOvercommit { get; set; }

    /// <summary>Storage pool for images and disks.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Pool { get; set; }

    /// <summary>Network that VMs join unless they ask for another.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Network { get; set; }

    /// <summary>How much of the pool images may take together; 0 for no limit.</summary>
    [Parameter]
    [ByteSizeTransformation]
    public ByteSize? ImageCacheLimit { get; set; }

    /// <summary>VMs that it may have at most; -1 for no limit.</summary>
    [Parameter]
    [ValidateRange(-1, int.MaxValue)]
    public int? MaxVM { get; set; }

    /// <summary>Virtual CPUs of its VMs at most; -1 for no limit.</summary>
    [Parameter]
    [ValidateRange(-1, int.MaxValue)]
    public int? MaxVCpu { get; set; }

    /// <summary>What its VMs may cost an hour at most, in US dollars; -1 for no limit.</summary>
    [Parameter]
    public decimal? MaxHourlyCost { get; set; }

    /// <summary>Write the hosts to the output, without asking them for their status.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override string[] Names => Name;

    private protected override async Task WorkAsync(HostDefinition host, StratusSite site, IPipeline pipeline, CancellationToken cancellationToken)
    {
        var change = new HostChange
        {
            Labels = Label is null ? null : Labels.From(Label),
            Accelerator = Accelerator,
            CpuOvercommit = CpuOvercommit,
            MemoryOvercommit = MemoryOvercommit,
            Pool = Pool,
            Network = Network,
            ImageCacheLimit = ImageCacheLimit,
            MaxVm = MaxVM,
            MaxVCpu = MaxVCpu,
            MaxHourlyCost = MaxHourlyCost,
        };
        if (change == new HostChange())
            throw new InvalidInputException("NothingToChange", "Say what to change: -Label, -Accelerator, -CpuOvercommit, -MemoryOvercommit, -Pool, -Network, -ImageCacheLimit, -MaxVM, -MaxVCpu or -MaxHourlyCost.");
        if (!await pipeline.ShouldProcessAsync($"host '{host.Name}'", "Set").ConfigureAwait(false)) return;
        var changed = await site.Hosts.SetAsync(host.Name, change, cancellationToken).ConfigureAwait(false);
        if (PassThru) await pipeline.WriteAsync(new StratusHost { Definition = changed }).ConfigureAwait(false);
    }
}

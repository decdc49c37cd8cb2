using System.Collections;
using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>Registers a host with the site.</summary>
[Cmdlet(VerbsCommon.Add, "StratusHost", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = ByUri)]
[OutputType(typeof(StratusHost))]
public sealed class AddStratusHostCommand : StratusCmdlet
{
    private const string ByUri = "Uri";
    private const string ByRegion = "Region";

    /// <summary>The name by which the site shall call it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Where it is, such as <c>qemu+ssh://root@node1/system</c>.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ByUri)]
    [ValidateNotNullOrEmpty]
    public string Uri { get; set; } = string.Empty;

    /// <summary>A region of Amazon EC2 that shall be the host, such as <c>eu-west-1</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByRegion)]
    [ValidateNotNullOrEmpty]
    public string Region { get; set; } = string.Empty;

    /// <summary>The profile of the AWS configuration files whose credentials are used, for a host of EC2.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? ProfileName { get; set; }

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

    /// <summary>VMs that it may have at most; without it there is no limit.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxVM { get; set; }

    /// <summary>Virtual CPUs of its VMs at most; without it there is no limit.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxVCpu { get; set; }

    /// <summary>What its VMs may cost an hour at most, in US dollars; without it there is no limit.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public decimal? MaxHourlyCost { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            var uri = ComposeUri();
            var host = new HostDefinition
            {
                Name = Name,
                Uri = uri,
                Labels = Labels.From(Label),
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
            if (!await pipeline.ShouldProcessAsync($"host '{Name}' at {uri}", "Register").ConfigureAwait(false)) return;

            var added = await site.Hosts.AddAsync(host, cancel).ConfigureAwait(false);
            var status = await site.Hosts.InspectAsync(added.Name, cancel).ConfigureAwait(false);
            await pipeline.WriteAsync(new StratusHost { Definition = added, Status = status }).ConfigureAwait(false);
        });

    private string ComposeUri()
    {
        var uri = ParameterSetName == ByRegion ? $"ec2://{Region}" : Uri;
        if (ProfileName is null) return uri;
        if (!uri.StartsWith("ec2:", StringComparison.OrdinalIgnoreCase))
            throw new InvalidInputException("InvalidProfileName", $"-ProfileName is for hosts of Amazon EC2, and '{uri}' is none. Leave it out.", "ProfileName");
        if (uri.Contains("profile=", StringComparison.OrdinalIgnoreCase))
            throw new InvalidInputException("InvalidProfileName", $"-ProfileName is given, and the URI '{uri}' has a profile already. Leave one of them out.", "ProfileName");
        return $"{uri}{(uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')}profile={System.Uri.EscapeDataString(ProfileName)}";
    }
}

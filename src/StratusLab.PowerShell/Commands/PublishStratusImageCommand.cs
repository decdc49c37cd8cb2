using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Takes a disk file into the site's image store.</summary>
[Cmdlet(VerbsData.Publish, "StratusImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StratusImage))]
public sealed class PublishStratusImageCommand : JobCmdlet
{
    private bool _begun;
    private bool _done;

    /// <summary>The disk file, qcow2 or raw.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The image's name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>The image's version.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Version { get; set; } = "latest";

    /// <summary>A short title.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>What is in it and for whom.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>CPU architecture in the kernel's words.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Architecture { get; set; } = "x86_64";

    /// <summary>What it boots with; by default what the disk shows.</summary>
    [Parameter]
    public Firmware? Firmware { get; set; }

    /// <summary>The user that accepts ssh keys.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string DefaultUser { get; set; } = "root";

    /// <summary>Format of the file; by default what its content shows.</summary>
    [Parameter]
    public DiskFormat? Format { get; set; }

    /// <summary>Who made it; by default the user.</summary>
    [Parameter]
    public string? Creator { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var publication = new ImagePublication
        {
            Path = GetUnresolvedProviderPathFromPSPath(Path),
            Name = Name,
            Version = Version,
            Title = Title,
            Description = Description,
            Architecture = Architecture,
            Firmware = Firmware,
            DefaultUser = DefaultUser,
            Format = Format,
            Creator = Creator,
        };
        if (!ShouldProcess($"image '{Name}:{Version}' from {publication.Path}", "Publish")) return;

        _done = false;
        RunOrStart(async (pipeline, site, cancel) =>
        {
            _begun = true;
            using var progress = new ProgressSink(pipeline);
            var image = await site.Images.PublishAsync(publication, progress, cancel).ConfigureAwait(false);
            _done = true;
            await pipeline.WriteAsync(image).ConfigureAwait(false);
        });
    }

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_begun && !_done ? "Publish-StratusImage was stopped: the image is not in the store, and nothing of it stays there." : null);
}

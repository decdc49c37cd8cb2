using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Writes an image's disk to a file.</summary>
[Cmdlet(VerbsData.Export, "StratusImage", DefaultParameterSetName = ByImage, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class ExportStratusImageCommand : JobCmdlet
{
    private const string ByImage = "Image";
    private const string ByReference = "Reference";

    private string? _underWay;

    /// <summary>The image, as <c>Get-StratusImage</c> gives it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByImage)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNull]
    public StratusImage Image { get; set; } = null!;

    /// <summary>The image: <c>name</c>, <c>name:version</c> or its digest.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByReference)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Reference { get; set; } = string.Empty;

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Its format; by default what the file's extension says, else qcow2.</summary>
    [Parameter]
    [ValidateSet(nameof(DiskFileFormat.Qcow2), nameof(DiskFileFormat.Raw), nameof(DiskFileFormat.Vmdk), nameof(DiskFileFormat.Vhdx), nameof(DiskFileFormat.Ova))]
    public string? Format { get; set; }

    /// <summary>Replace a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var reference = ParameterSetName == ByImage ? Image.Digest : Reference;
        var shown = ParameterSetName == ByImage ? Image.Reference : Reference;
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        var wanted = Format ?? System.IO.Path.GetExtension(path).TrimStart('.');
        var format = Enum.TryParse<DiskFileFormat>(wanted, ignoreCase: true, out var told) && Enum.IsDefined(told) ? told : DiskFileFormat.Qcow2;
        if (!ShouldProcess($"image '{shown}'", $"Write as {format} to {path}")) return;
        RunOrStart(async (pipeline, site, cancel) =>
        {
            _underWay = path;
            using var progress = new ProgressSink(pipeline);
            await site.ImageExporter.ExportAsync(reference, path, format, Force, progress, cancel).ConfigureAwait(false);
            _underWay = null;
            await pipeline.WriteAsync(new FileInfo(path)).ConfigureAwait(false);
        });
    }

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) =>
        Task.FromResult(_underWay is null ? null : $"Export-StratusImage was stopped: '{_underWay}' was not written.");
}

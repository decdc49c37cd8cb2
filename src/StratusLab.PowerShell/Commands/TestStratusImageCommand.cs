using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Tells whether images may be launched, and everything that speaks for or against it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "StratusImage", DefaultParameterSetName = ByName)]
[OutputType(typeof(ImageDecision))]
public sealed class TestStratusImageCommand : StratusCmdlet
{
    private const string ByName = "Name";
    private const string ByImage = "Image";

    /// <summary>Names, <c>name:version</c> or digests of images, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Images, as <c>Get-StratusImage</c> gives them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByImage)]
    [ValidateNotNullOrEmpty]
    public StratusImage[] Image { get; set; } = [];

    /// <summary>Hosts whose copies of the disk are read back and checked too, with wildcards.</summary>
    [Parameter]
    [Alias("Host")]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] HostName { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            var hosts = HostName.Length == 0 ? [] : await HostCommand.FindAsync(site, HostName, pipeline, cancel).ConfigureAwait(false);
            var images = ParameterSetName == ByImage ? Image.ToAsyncEnumerable() : ImageSelection.FindAsync(site, Name, pipeline, cancel);
            await foreach (var image in images.ConfigureAwait(false))
            {
                try
                {
                    var decision = await site.Trust.EvaluateAsync(image, readDisk: true, cancel).ConfigureAwait(false);
                    var copies = new List<ImageReason>();
                    foreach (var host in hosts)
                        if (await ReadBackAsync(site, host.Name, image, pipeline, cancel).ConfigureAwait(false) is { } copy) copies.Add(copy);
                    await pipeline.WriteAsync(decision with { Reasons = [.. decision.Reasons.Concat(copies).OrderByDescending(r => r.Effect)] }).ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    await pipeline.WriteErrorAsync(e.ToErrorRecord(image)).ConfigureAwait(false);
                }
            }
        });

    private static async Task<ImageReason?> ReadBackAsync(StratusSite site, string host, StratusImage image, IPipeline pipeline, CancellationToken cancellationToken)
    {
        try
        {
            using var progress = new ProgressSink(pipeline);
            var check = await site.HostImages.VerifyAsync(host, image.DiskDigest, progress, cancellationToken).ConfigureAwait(false);
            return check.IsIntact
                ? new ImageReason(ImageReasonCode.Intact, ImageReasonEffect.Permits, $"Its disk on host '{host}' is intact ({check.Length} read).")
                : new ImageReason(ImageReasonCode.Damaged, ImageReasonEffect.Refuses, $"Its disk on host '{host}' is damaged: it has the digest {check.FoundDigest}. Remove-StratusImage -HostName makes room for a new copy.");
        }
        catch (StratusException e) when (e.ErrorId == "ImageNotOnHost")
        {
            await pipeline.WriteVerboseAsync(e.Message).ConfigureAwait(false);
            return null;
        }
        catch (StratusException e)
        {
            await pipeline.WriteErrorAsync(e.ToErrorRecord(host)).ConfigureAwait(false);
            return null;
        }
    }
}

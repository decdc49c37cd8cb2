using System.Management.Automation;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Removes images from the site's store.</summary>
[Cmdlet(VerbsCommon.Remove, "StratusImage", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveStratusImageCommand : StratusCmdlet
{
    private const string ByName = "Name";
    private const string ByImage = "Image";

    /// <summary>Names, <c>name:version</c> or digests of images, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Images, as <c>Get-StratusImage</c> gives them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByImage)]
    [ValidateNotNullOrEmpty]
    public StratusImage[] Image { get; set; } = [];

    /// <summary>Also remove their disks from all hosts where no VM uses them.</summary>
    [Parameter]
    public SwitchParameter FromHosts { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            await foreach (var image in FindAsync(site, pipeline, cancel).ConfigureAwait(false))
            {
                if (!await pipeline.ShouldProcessAsync($"image '{image.Name}:{image.Version}'{(FromHosts ? " in the store and on all hosts" : string.Empty)}", "Remove").ConfigureAwait(false)) continue;
                try
                {
                    await site.Images.RemoveAsync($"{image.Name}:{image.Version}", FromHosts, cancel).ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    await pipeline.WriteErrorAsync(e.ToErrorRecord(image)).ConfigureAwait(false);
                }
            }
        });

    private async IAsyncEnumerable<StratusImage> FindAsync(StratusSite site, IPipeline pipeline, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ParameterSetName == ByImage)
        {
            foreach (var image in Image) yield return image;
            yield break;
        }

        var patterns = new NamePatterns(Name);
        await foreach (var image in site.Images.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (GetStratusImageCommand.Matches(patterns, image)) yield return image;
        }

        foreach (var name in patterns.Unmatched) await pipeline.WriteErrorAsync(ErrorRecords.ImageNotFound(name)).ConfigureAwait(false);
    }
}

using System.Management.Automation;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Removes images from the site's store, or from hosts.</summary>
[Cmdlet(VerbsCommon.Remove, "StratusImage", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveStratusImageCommand : StratusCmdlet
{
    private const string ByName = "Name";
    private const string ByImage = "Image";
    private const string ByHostedImage = "HostedImage";
    private const string ByHost = "Host";

    /// <summary>Names, <c>name:version</c> or digests of images, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByHost)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Images, as <c>Get-StratusImage</c> gives them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByImage)]
    [ValidateNotNullOrEmpty]
    public StratusImage[] Image { get; set; } = [];

    /// <summary>Images on hosts, as <c>Get-StratusImage -HostName</c> gives them: removed there, and nowhere else.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByHostedImage)]
    [ValidateNotNullOrEmpty]
    public HostedImage[] HostedImage { get; set; } = [];

    /// <summary>Hosts from which the images are removed, with wildcards; the store keeps them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByHost)]
    [Alias("Host")]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] HostName { get; set; } = [];

    /// <summary>Also remove their disks from all hosts where no VM uses them.</summary>
    [Parameter(ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByImage)]
    public SwitchParameter FromHosts { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            if (ParameterSetName is ByHost or ByHostedImage)
            {
                await foreach (var image in FindHostedAsync(site, pipeline, cancel).ConfigureAwait(false))
                    await RemoveAsync(pipeline, image, $"image '{image}'", () => site.HostImages.RemoveAsync(image.Host, image.DiskDigest, cancel)).ConfigureAwait(false);
                return;
            }

            await foreach (var image in (ParameterSetName == ByImage ? Image.ToAsyncEnumerable() : ImageSelection.FindAsync(site, Name, pipeline, cancel)).ConfigureAwait(false))
            {
                var reference = $"{image.Name}:{image.Version}";
                await RemoveAsync(pipeline, image, $"image '{reference}'{(FromHosts ? " in the store and on all hosts" : string.Empty)}", () => site.Images.RemoveAsync(reference, FromHosts, cancel)).ConfigureAwait(false);
            }
        });

    private static async Task RemoveAsync(IPipeline pipeline, object image, string what, Func<Task> remove)
    {
        if (!await pipeline.ShouldProcessAsync(what, "Remove").ConfigureAwait(false)) return;
        try
        {
            await remove().ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            await pipeline.WriteErrorAsync(e.ToErrorRecord(image)).ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<HostedImage> FindHostedAsync(StratusSite site, IPipeline pipeline, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var image in HostedImage) yield return image;
        if (ParameterSetName == ByHostedImage) yield break;

        var patterns = new NamePatterns(Name);
        var hosts = await HostCommand.FindAsync(site, HostName, pipeline, cancellationToken).ConfigureAwait(false);
        List<StratusException> unasked = [];
        await foreach (var image in site.HostImages.ListAsync(hosts, unasked.Add, cancellationToken).ConfigureAwait(false))
        {
            if (GetStratusImageCommand.Matches(patterns, image)) yield return image;
        }

        foreach (var error in unasked) await pipeline.WriteErrorAsync(error.ToErrorRecord()).ConfigureAwait(false);
        foreach (var name in patterns.Unmatched) await pipeline.WriteErrorAsync(ErrorRecords.ImageNotOnHosts(name, hosts.Select(h => h.Name))).ConfigureAwait(false);
    }
}

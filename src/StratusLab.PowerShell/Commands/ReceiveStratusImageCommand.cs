using System.Management.Automation;
using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Brings images from marketplaces into the site's store, and onto hosts if asked.</summary>
[Cmdlet(VerbsCommunications.Receive, "StratusImage", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StratusImage))]
public sealed class ReceiveStratusImageCommand : JobCmdlet
{
    private const string ByName = "Name";
    private const string ByImage = "Image";

    private bool _isUnderWay;

    /// <summary>Images as <c>marketplace/name:version</c>, with wildcards, or the whole address in a registry.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [ArgumentCompleter(typeof(AnyImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Images, as <c>Find-StratusImage</c> gives them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByImage)]
    [ValidateNotNullOrEmpty]
    public FoundImage[] Image { get; set; } = [];

    /// <summary>Hosts that shall have them too, with wildcards.</summary>
    [Parameter]
    [Alias("Host")]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] HostName { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var wanted = new List<string>();
        Run(async (pipeline, site, cancel) =>
        {
            await foreach (var reference in FindAsync(site, pipeline, cancel).ConfigureAwait(false))
            {
                if (await pipeline.ShouldProcessAsync($"image '{reference}'{(HostName.Length > 0 ? $" onto {string.Join(", ", HostName)}" : string.Empty)}", "Receive").ConfigureAwait(false)) wanted.Add(reference);
            }
        });
        if (wanted.Count == 0) return;
        RunOrStart(async (pipeline, site, cancel) =>
        {
            using var progress = new ProgressSink(pipeline);
            foreach (var reference in wanted)
            {
                try
                {
                    _isUnderWay = true;
                    var image = await ReceiveAsync(reference, site, progress, cancel).ConfigureAwait(false);
                    _isUnderWay = false;
                    await PlaceAsync(image, pipeline, site, progress, cancel).ConfigureAwait(false);
                    await pipeline.WriteAsync(image).ConfigureAwait(false);
                }
                catch (StratusException e)
                {
                    _isUnderWay = false;
                    await pipeline.WriteErrorAsync(e.ToErrorRecord(reference)).ConfigureAwait(false);
                }
            }
        });
    }

    private protected override Task<string?> DescribeRestAsync(CancellationToken cancellationToken) => Task.FromResult(
        _isUnderWay ? "Receive-StratusImage was stopped: the image is not in the store. What has come of it is kept for a week, and the next attempt goes on from there." : null);

    // What was published here and nowhere else can go to hosts ahead of need as well.
    private async Task<StratusImage> ReceiveAsync(string reference, StratusSite site, ProgressSink progress, CancellationToken cancellationToken)
    {
        try
        {
            return await site.Marketplaces.ReceiveAsync(reference, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (StratusException e) when (e.ErrorId == "ImageNotFound" && HostName.Length > 0 && !reference.Contains('/', StringComparison.Ordinal))
        {
            return await site.Images.GetAsync(reference, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PlaceAsync(StratusImage image, IPipeline pipeline, StratusSite site, ProgressSink progress, CancellationToken cancellationToken)
    {
        if (HostName.Length == 0) return;
        foreach (var host in await HostCommand.FindAsync(site, HostName, pipeline, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await site.HostImages.EnsureAsync(host.Name, image, progress, cancellationToken).ConfigureAwait(false);
            }
            catch (StratusException e)
            {
                await pipeline.WriteErrorAsync(e.ToErrorRecord(host.Name)).ConfigureAwait(false);
            }
        }
    }

    private async IAsyncEnumerable<string> FindAsync(StratusSite site, IPipeline pipeline, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ParameterSetName == ByImage)
        {
            foreach (var image in Image.Where(i => i.Marketplace is not null)) yield return image.Reference;
            yield break;
        }

        foreach (var literal in Name.Where(n => !WildcardPattern.ContainsWildcardCharacters(n))) yield return literal;
        var patterns = Name.Where(WildcardPattern.ContainsWildcardCharacters).ToArray();
        if (patterns.Length == 0) yield break;
        var errors = new List<StratusException>();
        var matching = new NamePatterns(patterns);
        await foreach (var image in site.Marketplaces.FindAsync(new ImageQuery { Names = [.. patterns.Select(VmSelection.ToFilter)] }, Collect, cancellationToken).ConfigureAwait(false))
        {
            if (image.Marketplace is not null && matching.Match(image.Name, image.Reference, $"{image.Marketplace}/{image.Name}", $"{image.Name}:{image.Version}")) yield return image.Reference;
        }

        foreach (var error in errors) await pipeline.WriteErrorAsync(error.ToErrorRecord()).ConfigureAwait(false);

        void Collect(StratusException error)
        {
            lock (errors) errors.Add(error);
        }
    }
}

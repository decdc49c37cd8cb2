using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Lists the images of the site's store.</summary>
[Cmdlet(VerbsCommon.Get, "StratusImage")]
[OutputType(typeof(StratusImage))]
public sealed class GetStratusImageCommand : StratusCmdlet
{
    /// <summary>Names, <c>name:version</c> or digests of images, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            foreach (var image in await FindAsync(site, Name, pipeline, cancel).ConfigureAwait(false))
                await pipeline.WriteAsync(image).ConfigureAwait(false);
        });

    internal static Task<IReadOnlyList<StratusImage>> FindAsync(StratusSite site, string[] names, IPipeline pipeline, CancellationToken cancellationToken) =>
        NamePatterns.SelectAsync(
            site.Images.ListAsync(cancellationToken),
            image => [image.Name, $"{image.Name}:{image.Version}", image.Digest],
            names,
            pipeline,
            name => new StratusException("ImageNotFound", StratusErrorKind.NotFound, $"There is no image '{name}' in this site's store."),
            cancellationToken);
}

using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Lists the images of the site's store, or those that hosts keep.</summary>
[Cmdlet(VerbsCommon.Get, "StratusImage")]
[OutputType(typeof(StratusImage), typeof(HostedImage))]
public sealed class GetStratusImageCommand : StratusCmdlet
{
    /// <summary>Names, <c>name:version</c> or digests of images, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Hosts whose images are wanted, with wildcards.</summary>
    [Parameter]
    [Alias("Host")]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? HostName { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (HostName is null) WriteMatches(Name, (site, cancel) => site.Images.ListAsync(cancel), Matches, ErrorRecords.ImageNotFound);
        else Run(WriteHostedAsync);
    }

    internal static bool Matches(NamePatterns patterns, StratusImage image) => patterns.Match(image.Name, $"{image.Name}:{image.Version}", image.Digest);

    /// <summary>Images on hosts go by the names that they have in the store, without which only the disk's digest is known.</summary>
    internal static bool Matches(NamePatterns patterns, HostedImage image) =>
        patterns.Match([image.DiskDigest, .. image.Images, .. image.Images.Select(reference => reference[..reference.LastIndexOf(':')])]);

    private async Task WriteHostedAsync(IPipeline pipeline, StratusSite site, CancellationToken cancellationToken)
    {
        var patterns = new NamePatterns(Name);
        var hosts = await HostCommand.FindAsync(site, HostName!, pipeline, cancellationToken).ConfigureAwait(false);
        List<StratusException> unasked = [];
        await foreach (var image in site.HostImages.ListAsync(hosts, unasked.Add, cancellationToken).ConfigureAwait(false))
        {
            if (Matches(patterns, image)) await pipeline.WriteAsync(image).ConfigureAwait(false);
        }

        foreach (var error in unasked) await pipeline.WriteErrorAsync(error.ToErrorRecord()).ConfigureAwait(false);
        foreach (var name in patterns.Unmatched) await pipeline.WriteErrorAsync(ErrorRecords.ImageNotOnHosts(name, hosts.Select(h => h.Name))).ConfigureAwait(false);
    }
}

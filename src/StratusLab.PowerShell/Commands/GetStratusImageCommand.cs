using System.Management.Automation;
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
        WriteMatches(Name, (site, cancel) => site.Images.ListAsync(cancel), Matches, ErrorRecords.ImageNotFound);

    internal static bool Matches(NamePatterns patterns, StratusImage image) => patterns.Match(image.Name, $"{image.Name}:{image.Version}", image.Digest);
}

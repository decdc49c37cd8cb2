using System.Collections;
using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Finds images in all marketplaces and the local store.</summary>
[Cmdlet(VerbsCommon.Find, "StratusImage")]
[OutputType(typeof(FoundImage))]
public sealed class FindStratusImageCommand : StratusCmdlet
{
    private readonly List<string> _names = [];

    /// <summary>Names, <c>marketplace/name</c>, each also with <c>:version</c>, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(AnyImageNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Names of marketplaces, with wildcards; the local store is then left out.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(MarketplaceNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Marketplace { get; set; } = [];

    /// <summary>A version or tag, with wildcards.</summary>
    [Parameter]
    [Alias("Tag")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Version { get; set; }

    /// <summary>The operating system, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Os { get; set; }

    /// <summary>CPU architecture in the kernel's words, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Architecture { get; set; }

    /// <summary>A part of the subject of a certificate whose holder vouches for the image.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Endorser { get; set; }

    /// <summary>Labels that the image must have.</summary>
    [Parameter]
    public Hashtable? Label { get; set; }

    /// <summary>Also images whose time is over.</summary>
    [Parameter]
    public SwitchParameter IncludeExpired { get; set; }

    /// <summary>Also images that should no longer be used.</summary>
    [Parameter]
    public SwitchParameter IncludeDeprecated { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _names.AddRange(Name);

    /// <inheritdoc/>
    protected override void EndProcessing() =>
        Run(async (pipeline, site, cancel) =>
        {
            var query = new ImageQuery
            {
                // Sets of characters are PowerShell's own; a wider pattern finds more, and the rest is left out below.
                Names = [.. _names.Select(VmSelection.ToFilter)],
                Marketplaces = Marketplace,
                Version = Version,
                Os = Os,
                Architecture = Architecture,
                Endorser = Endorser,
                Labels = Labels.From(Label),
                IncludeExpired = IncludeExpired,
                IncludeDeprecated = IncludeDeprecated,
            };
            var patterns = new NamePatterns(_names);
            var errors = new List<StratusException>();
            await foreach (var image in site.Marketplaces.FindAsync(query, Collect, cancel).ConfigureAwait(false))
            {
                if (patterns.Match([image.Name, image.Reference, $"{image.Marketplace}/{image.Name}", .. image.Tags.SelectMany(t => (string[])[$"{image.Name}:{t}", $"{image.Marketplace}/{image.Name}:{t}"])]))
                    await pipeline.WriteAsync(image).ConfigureAwait(false);
            }

            foreach (var error in errors) await pipeline.WriteErrorAsync(error.ToErrorRecord()).ConfigureAwait(false);
            foreach (var name in patterns.Unmatched) await pipeline.WriteErrorAsync(ErrorRecords.ImageNotFoundAnywhere(name)).ConfigureAwait(false);

            void Collect(StratusException error)
            {
                lock (errors) errors.Add(error);
            }
        });
}

using System.Management.Automation;
using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Lists the sizes that VMs can have.</summary>
[Cmdlet(VerbsCommon.Get, "StratusSize")]
[OutputType(typeof(VmSize))]
public sealed class GetStratusSizeCommand : StratusCmdlet
{
    /// <summary>Names of sizes, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SizeNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        Run(async (pipeline, site, cancel) =>
        {
            foreach (var size in await FindAsync(site, Name, pipeline, cancel).ConfigureAwait(false))
                await pipeline.WriteAsync(size).ConfigureAwait(false);
        });

    internal static Task<IReadOnlyList<VmSize>> FindAsync(StratusSite site, string[] names, IPipeline pipeline, CancellationToken cancellationToken) =>
        NamePatterns.SelectAsync(
            site.Sizes.ListAsync(cancellationToken),
            size => [size.Name],
            names,
            pipeline,
            name => new StratusException("SizeNotFound", StratusErrorKind.NotFound, $"There is no size named '{name}' in this site."),
            cancellationToken);
}

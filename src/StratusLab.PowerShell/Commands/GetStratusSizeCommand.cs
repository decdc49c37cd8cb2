using System.Management.Automation;
using StratusLab.Core;

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
        WriteMatches(Name, (site, cancel) => site.Sizes.ListAsync(cancel), Matches, ErrorRecords.SizeNotFound);

    internal static bool Matches(NamePatterns patterns, VmSize size) => patterns.Match(size.Name);
}

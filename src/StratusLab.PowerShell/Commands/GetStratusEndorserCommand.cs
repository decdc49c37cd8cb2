using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Lists those whose word about images counts.</summary>
[Cmdlet(VerbsCommon.Get, "StratusEndorser")]
[OutputType(typeof(Endorser))]
public sealed class GetStratusEndorserCommand : StratusCmdlet
{
    /// <summary>Names of endorsers, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(EndorserNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteMatches(Name, ListAsync, (patterns, endorser) => patterns.Match(endorser.Name), ErrorRecords.EndorserNotFound);

    private static async IAsyncEnumerable<Endorser> ListAsync(StratusSite site, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var endorser in await site.Trust.ListEndorsersAsync(cancellationToken).ConfigureAwait(false)) yield return endorser;
    }
}

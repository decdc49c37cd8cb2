using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using StratusLab.PowerShell.Commands;
using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Completes the names of VMs on hosts that answer at once.</summary>
public sealed class VmNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        // -Name and -VM share a position: PowerShell asks the default one of them where nothing is typed yet, and else both.
        parameterName == nameof(VmCommand.VM) && !string.IsNullOrEmpty(wordToComplete)
            ? []
            : base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);

    private protected override async Task<IReadOnlyList<string>> AskAsync(StratusSite site, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var vm in site.Vms.ListAsync(new VmFilter { WithAddresses = false }, _ => { }, cancellationToken).ConfigureAwait(false)) names.Add(vm.Name);
        return names;
    }
}

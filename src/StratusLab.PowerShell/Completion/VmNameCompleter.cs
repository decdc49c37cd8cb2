using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Completes the names of VMs on hosts that answer at once.</summary>
public sealed class VmNameCompleter : NameCompleter
{
    private protected override async Task<IReadOnlyList<string>> AskAsync(StratusSite site, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var vm in site.Vms.ListAsync(new VmFilter { WithAddresses = false }, _ => { }, cancellationToken).ConfigureAwait(false)) names.Add(vm.Name);
        return names;
    }
}

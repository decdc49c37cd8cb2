using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Completes the names of registered hosts.</summary>
public sealed class HostNameCompleter : NameCompleter
{
    private protected override async Task<IReadOnlyList<string>> AskAsync(StratusSite site, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var host in site.Hosts.ListAsync(cancellationToken).ConfigureAwait(false)) names.Add(host.Name);
        return names;
    }
}

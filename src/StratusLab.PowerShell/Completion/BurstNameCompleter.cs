using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Completes the names of bursts.</summary>
public sealed class BurstNameCompleter : NameCompleter
{
    private protected override async Task<IReadOnlyList<string>> AskAsync(StratusSite site, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var burst in site.Bursts.ListAsync(cancellationToken).ConfigureAwait(false)) names.Add(burst.Name);
        return names;
    }
}

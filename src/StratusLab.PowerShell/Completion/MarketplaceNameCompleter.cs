using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Completes the names of registered marketplaces.</summary>
public sealed class MarketplaceNameCompleter : NameCompleter
{
    private protected override async Task<IReadOnlyList<string>> AskAsync(StratusSite site, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var marketplace in site.Marketplaces.ListAsync(cancellationToken).ConfigureAwait(false)) names.Add(marketplace.Name);
        return names;
    }
}

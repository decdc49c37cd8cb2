using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Completes the names of sizes.</summary>
public sealed class SizeNameCompleter : NameCompleter
{
    private protected override async Task<IReadOnlyList<string>> AskAsync(StratusSite site, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var size in site.Sizes.ListAsync(cancellationToken).ConfigureAwait(false)) names.Add(size.Name);
        return names;
    }
}

using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Completes the names of endorsers.</summary>
public sealed class EndorserNameCompleter : NameCompleter
{
    private protected override async Task<IReadOnlyList<string>> AskAsync(StratusSite site, CancellationToken cancellationToken) =>
        [.. (await site.Trust.ListEndorsersAsync(cancellationToken).ConfigureAwait(false)).Select(e => e.Name)];
}

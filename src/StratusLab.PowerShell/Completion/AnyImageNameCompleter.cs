using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Completes images of the store as <c>name:version</c>, and those that were seen in marketplaces as <c>marketplace/name:version</c>. No marketplace is asked.</summary>
public sealed class AnyImageNameCompleter : NameCompleter
{
    private protected override async Task<IReadOnlyList<string>> AskAsync(StratusSite site, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var image in site.Images.ListAsync(_ => { }, cancellationToken).ConfigureAwait(false)) names.Add(image.Reference);
        names.AddRange(await site.Marketplaces.ListSeenAsync(cancellationToken).ConfigureAwait(false));
        return names;
    }
}

using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Completes images of the store as <c>name:version</c>.</summary>
public sealed class ImageNameCompleter : NameCompleter
{
    private protected override async Task<IReadOnlyList<string>> AskAsync(StratusSite site, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var image in site.Images.ListAsync(_ => { }, cancellationToken).ConfigureAwait(false)) names.Add($"{image.Name}:{image.Version}");
        return names;
    }
}

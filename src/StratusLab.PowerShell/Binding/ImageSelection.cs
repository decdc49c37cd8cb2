using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Sdk;
using StratusLab.PowerShell.Commands;

namespace StratusLab.PowerShell;

/// <summary>The images of the store that names mean.</summary>
internal static class ImageSelection
{
    /// <summary>Finds images by name, <c>name:version</c> or digest, with wildcards. A literal name that is not there and an image that is damaged are told.</summary>
    public static async IAsyncEnumerable<StratusImage> FindAsync(
        StratusSite site, string[] names, IPipeline pipeline, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var patterns = new NamePatterns(names);
        List<StratusException> damaged = [];
        await foreach (var image in site.Images.ListAsync(damaged.Add, cancellationToken).ConfigureAwait(false))
        {
            if (GetStratusImageCommand.Matches(patterns, image)) yield return image;
        }

        foreach (var error in damaged)
        {
            if (patterns.Match(error.Resource!, error.Resource!.Split(':')[0])) await pipeline.WriteErrorAsync(error.ToErrorRecord()).ConfigureAwait(false);
        }

        foreach (var name in patterns.Unmatched) await pipeline.WriteErrorAsync(ErrorRecords.ImageNotFound(name)).ConfigureAwait(false);
    }
}

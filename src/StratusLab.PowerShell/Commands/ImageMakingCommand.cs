using System.Collections;
using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>A cmdlet that makes an image with the help of a VM which is removed afterwards.</summary>
public abstract class ImageMakingCommand : JobCmdlet
{
    private string? _underWay;
    private StratusSite? _site;

    /// <summary>The image's version.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Version { get; set; } = "latest";

    /// <summary>A short title.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>What is in it and for whom.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>Who made it; by default the user.</summary>
    [Parameter]
    public string? Creator { get; set; }

    /// <summary>How long it may be launched, such as <c>365d</c>; for ever if left out.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? ValidFor { get; set; }

    /// <summary>TCP ports that a VM of it serves; by default those of the image that it is made from.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int[]? InboundPort { get; set; }

    /// <summary>Labels that policy can ask for.</summary>
    [Parameter]
    public Hashtable? Label { get; set; }

    /// <summary>Seconds that the guest may take to do its part, 1 to 86400.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 1800;

    /// <summary>File that takes what the guest wrote to its console; by default one in the site's folder <c>logs</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    private protected DateTimeOffset? ValidUntil => ValidFor is { } time ? DateTimeOffset.UtcNow + time : null;

    /// <summary>Makes one image and writes it.</summary>
    private protected async Task MakeAsync(
        string what, Func<ImageMaker, IProgress<SiteProgress>, CancellationToken, Task<StratusImage>> make, IPipeline pipeline, StratusSite site, CancellationToken cancellationToken)
    {
        (_underWay, _site) = (what, site);
        using var progress = new ProgressSink(pipeline);
        var image = await make(site.ImageMaker, progress, cancellationToken).ConfigureAwait(false);
        _underWay = null;
        await pipeline.WriteAsync(image).ConfigureAwait(false);
    }

    private protected override string? RestUnknown =>
        _underWay is null ? null : $"{MyInvocation.MyCommand.Name} was stopped: {_underWay} is not in the store. If the VM that was made for it is still there, the next command that changes something or Repair-StratusSite removes it.";

    private protected override async Task<string?> DescribeRestAsync(CancellationToken cancellationToken)
    {
        if (_underWay is null || _site is null) return null;
        var text = $"{MyInvocation.MyCommand.Name} was stopped: {_underWay} is not in the store.";
        await foreach (var entry in _site.Journal.ListAsync(openOnly: true, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (entry.Kind == JournalKind.MakeImage)
                return $"{text} VM '{entry.Target}' on host '{entry.Host}', which was made for it, may still be there: the next command that changes something or Repair-StratusSite removes it.";
        }

        return text + " The VM that was made for it is removed.";
    }
}

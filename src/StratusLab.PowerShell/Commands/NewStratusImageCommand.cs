using System.Collections;
using System.Management.Automation;
using StratusLab.Sdk;

namespace StratusLab.PowerShell.Commands;

/// <summary>Makes an image from another one.</summary>
[Cmdlet(VerbsCommon.New, "StratusImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StratusImage))]
public sealed class NewStratusImageCommand : ImageMakingCommand
{
    private static readonly string[] ScriptBeginnings = ["#!"];

    /// <summary>The image to begin with: <c>name</c>, <c>name:version</c> or its digest.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Reference")]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string Base { get; set; } = string.Empty;

    /// <summary>The name of the new image.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Packages for the guest's own package manager.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Package { get; set; } = [];

    /// <summary>A script that root runs in the guest: its text, or the path of a file that holds it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Script { get; set; }

    /// <summary>Files to put into the guest: its path there, and the file here.</summary>
    [Parameter]
    public Hashtable? File { get; set; }

    /// <summary>Size of the VM that does the work.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SizeNameCompleter))]
    public string? Size { get; set; }

    /// <summary>Hosts that may be taken for it, with wildcards.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(HostNameCompleter))]
    [SupportsWildcards]
    public string[] HostName { get; set; } = [];

    /// <summary>Networks of the host that it joins, in order.</summary>
    [Parameter]
    public string[] Network { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ImageRecipe? recipe = null;
        Run(async (pipeline, _, cancel) =>
        {
            var asked = await RecipeAsync(cancel).ConfigureAwait(false);
            if (await pipeline.ShouldProcessAsync($"image '{Name}:{Version}'", $"Make from image '{Base}'").ConfigureAwait(false)) recipe = asked;
        });
        if (recipe is null) return;
        RunOrStart((pipeline, site, cancel) => MakeAsync($"image '{Name}:{Version}'", (maker, progress, ct) => maker.BuildAsync(recipe, progress, ct), pipeline, site, cancel));
    }

    private async Task<ImageRecipe> RecipeAsync(CancellationToken cancellationToken) => new()
    {
        Base = Base,
        Name = Name,
        Version = Version,
        Title = Title,
        Description = Description,
        Creator = Creator,
        ValidUntil = ValidUntil,
        InboundPorts = InboundPort,
        Labels = Labels.From(Label),
        Timeout = TimeSpan.FromSeconds(TimeoutSec),
        LogPath = FullPathOf(LogPath),
        Packages = Package,
        Script = Script is null ? null : await TextSource.ReadAsync(Script, "Script", GetUnresolvedProviderPathFromPSPath, ScriptBeginnings, cancellationToken).ConfigureAwait(false),
        Files = [.. (File ?? []).Cast<DictionaryEntry>().Select(e => new RecipeFile(GetUnresolvedProviderPathFromPSPath(LanguagePrimitives.ConvertTo<string>(e.Value)), LanguagePrimitives.ConvertTo<string>(e.Key)))],
        Size = Size,
        HostNames = HostName,
        Networks = Network,
    };
}

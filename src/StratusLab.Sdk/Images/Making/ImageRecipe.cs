namespace StratusLab.Sdk;

/// <summary>An image that is made from another one: files are put into a VM of it, packages installed, a script run, in this order.</summary>
public sealed record ImageRecipe : ImageMaking
{
    /// <summary>The image to begin with, as in <see cref="ImageLibrary.GetAsync"/>.</summary>
    public required string Base { get; init; }

    /// <summary>Packages for the guest's own package manager (apt-get, dnf, yum, zypper, apk).</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>The text of a script that root runs in the guest; its first line may name an interpreter, else it is <c>/bin/sh</c>'s. Null for none.</summary>
    public string? Script { get; init; }

    /// <summary>Files to put into the guest; compressed, all of them and the script take up to 3 MB.</summary>
    public IReadOnlyList<RecipeFile> Files { get; init; } = [];

    /// <summary>Size of the VM that does the work; null for <c>small</c>.</summary>
    public string? Size { get; init; }

    /// <summary>Hosts that may be taken, with wildcards <c>*</c> and <c>?</c>; empty for any.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Networks that the VM joins while it works; empty for the host's default.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];
}

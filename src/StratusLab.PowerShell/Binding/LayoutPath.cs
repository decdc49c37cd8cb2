using StratusLab.Core;

namespace StratusLab.PowerShell;

/// <summary>An image in a folder in OCI image layout, as <c>oci:FOLDER[:TAG]</c> or the folder alone.</summary>
/// <param name="Folder">The folder's full path.</param>
/// <param name="Tag">The image's tag; null for the only one.</param>
internal sealed record LayoutPath(string Folder, string? Tag)
{
    private const string Scheme = "oci:";

    /// <summary>Reads a path; null if it is that of something else.</summary>
    public static LayoutPath? TryParse(string path, Func<string, string> fullPathOf)
    {
        if (!path.StartsWith(Scheme, StringComparison.Ordinal))
            return fullPathOf(path) is var folder && File.Exists(Path.Combine(folder, "oci-layout")) ? new LayoutPath(folder, null) : null;

        // A tag may hold colons, and so may a folder: the one that is there is meant.
        var rest = path[Scheme.Length..];
        if (rest.Length == 0) throw new InvalidInputException("InvalidImageLayout", "The folder is missing. Right would be oci:FOLDER or oci:FOLDER:TAG.", "Path");
        var whole = fullPathOf(rest);
        for (var end = Directory.Exists(whole) ? -1 : rest.IndexOf(':', StringComparison.Ordinal); end > 0; end = rest.IndexOf(':', end + 1))
            if (fullPathOf(rest[..end]) is var part && Directory.Exists(part)) return new LayoutPath(part, rest[(end + 1)..]);
        return new LayoutPath(whole, null);
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Tag is null ? $"{Scheme}{Folder}" : $"{Scheme}{Folder}:{Tag}";
}

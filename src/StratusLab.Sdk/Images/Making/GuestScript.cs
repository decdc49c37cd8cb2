using System.IO.Compression;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// Writes the scripts that root runs in a VM which lives only for an image to be made of it. They say on the serial console how far they
/// are, in lines that begin with a mark, and switch the VM off at the end, however it came.
/// </summary>
internal static class GuestScript
{
    /// <summary>What a seed takes.</summary>
    public const int MaxLength = 4_000_000;

    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Cleans and switches off.</summary>
    public static string Clean(string mark) => Compose(mark, string.Empty);

    /// <summary>Builds, cleans and switches off.</summary>
    /// <exception cref="InvalidInputException">A file cannot be read, or all together are too large.</exception>
    public static async Task<string> BuildAsync(string mark, ImageRecipe recipe, CancellationToken cancellationToken)
    {
        var work = new StringBuilder();
        foreach (var file in recipe.Files) work.Append(await PutAsync(file, cancellationToken).ConfigureAwait(false));
        if (recipe.Packages.Count > 0) work.Append("install_packages ").AppendJoin(' ', recipe.Packages.Select(PosixShell.Quote)).Append('\n');
        if (recipe.Script is { } script)
        {
            work.Append(Unpack(await PackAsync(Encoding.UTF8.GetBytes(WithInterpreter(script)), cancellationToken).ConfigureAwait(false), "\"$work/script\""));
            work.Append("run_script\n");
        }

        var text = Compose(mark, work.ToString());
        return text.Length <= MaxLength
            ? text
            : throw new InvalidInputException(
                "RecipeTooLarge",
                $"Files and script take {new ByteSize(text.Length)}, packed for the guest; at most {new ByteSize(MaxLength)} fit into its seed. Let the script fetch large files, or put them into a VM and save that.",
                "Files");
    }

    private static string Compose(string mark, string work) => string.Join('\n', "#!/bin/sh", $"mark={mark}", Part("begin"), work, Part("clean")).ReplaceLineEndings("\n");

    private static string WithInterpreter(string script)
    {
        var text = script.ReplaceLineEndings("\n");
        return (text.StartsWith("#!", StringComparison.Ordinal) ? text : "#!/bin/sh\nset -e\n" + text) + "\n";
    }

    private static async Task<string> PutAsync(RecipeFile file, CancellationToken cancellationToken)
    {
        try
        {
            var source = new FileStream(file.Source, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
            await using (source.ConfigureAwait(false))
            {
                if (source.Length > MaxLength * 16L) throw new InvalidInputException("RecipeTooLarge", $"'{file.Source}' is {new ByteSize(source.Length)} long, which is too large for a recipe. Let the script fetch it.", "Files");
                var content = new byte[source.Length];
                await source.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
                var mode = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(source.SafeFileHandle) & Executable) != UnixFileMode.None ? "755" : "644";
                var path = PosixShell.Quote(file.Path);
                return $"mkdir -p -- \"$(dirname -- {path})\" || fail {PosixShell.Quote($"the folder of {file.Path} cannot be made")}\n"
                    + Unpack(await PackAsync(content, cancellationToken).ConfigureAwait(false), path)
                    + $"chmod {mode} -- {path}\n";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("FileNotReadable", $"The file '{file.Source}' cannot be put into the image: {e.Message}", "Files", e) { Resource = file.Source };
        }
    }

    private static string Unpack(string packed, string path) =>
        $"base64 -d <<'END-OF-FILE' | gunzip -c >{path} || fail 'a file cannot be written'\n{packed}\nEND-OF-FILE\n";

    private static async Task<string> PackAsync(byte[] content, CancellationToken cancellationToken)
    {
        using var packed = new MemoryStream();
        var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true);
        await using (gzip.ConfigureAwait(false)) await gzip.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length, Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n");
    }

    private static string Part(string name) => BatchScript.Read(typeof(GuestScript).Assembly, $"StratusLab.Sdk.Images.Making.Guest.{name}.sh");
}

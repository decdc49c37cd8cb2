using StratusLab.Core;

namespace StratusLab.PowerShell;

/// <summary>A parameter that takes a text or the path of a file that holds it.</summary>
internal static class TextSource
{
    private const int MaxLength = 1 << 20;

    /// <summary>The text itself where it can only be that (several lines, or one of the given beginnings), else what the file holds.</summary>
    /// <exception cref="InvalidInputException">It is neither a text nor a file that can be read.</exception>
    public static async Task<string> ReadAsync(string textOrPath, string field, Func<string, string> resolve, string[] beginnings, CancellationToken cancellationToken)
    {
        if (textOrPath.Contains('\n', StringComparison.Ordinal) || Array.Exists(beginnings, b => textOrPath.StartsWith(b, StringComparison.Ordinal)))
            return textOrPath;

        var path = resolve(textOrPath);

        // What is no file may be a text, and that may hold a secret: it is shown only where it looks like a path.
        if (!File.Exists(path))
        {
            var shown = textOrPath.Any(char.IsWhiteSpace) ? string.Empty : $" '{path}'";
            throw new InvalidInputException("FileNotFound", $"-{field} takes {Expected(beginnings)}, or the path of a file; there is no file{shown}.", field);
        }

        return await ReadFileAsync(path, field, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A small text file.</summary>
    /// <exception cref="InvalidInputException">It is too large or cannot be read.</exception>
    public static async Task<string> ReadFileAsync(string path, string field, CancellationToken cancellationToken)
    {
        try
        {
            if (new FileInfo(path).Length > MaxLength)
                throw new InvalidInputException("FileTooLarge", $"The file '{path}' is larger than {new ByteSize(MaxLength)}; -{field} takes a small text file.", field);
            return await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("FileNotReadable", $"The file '{path}' for -{field} cannot be read: {e.Message}", field, e);
        }
    }

    private static string Expected(string[] beginnings) => $"a text that begins with {string.Join(" or ", beginnings.Select(b => $"'{b.Trim()}'"))}";
}

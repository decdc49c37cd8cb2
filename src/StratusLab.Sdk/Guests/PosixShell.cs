namespace StratusLab.Sdk;

/// <summary>Words for a POSIX shell (POSIX.1-2017, Shell Command Language, 2.2.2).</summary>
internal static class PosixShell
{
    /// <summary>The text as one word, whatever is in it.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    public static string Append(string commandLine, IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quote).Prepend(commandLine));
}

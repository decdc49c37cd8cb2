using System.Text.RegularExpressions;

namespace StratusLab.Build.Help;

/// <summary>The little Markdown that the pages use, as plain text.</summary>
internal static partial class Markdown
{
    /// <summary>Paragraphs, each on one line; list items and code keep their lines.</summary>
    public static IEnumerable<string> Paragraphs(string body)
    {
        foreach (var block in Blocks().Split(body.Trim()))
        {
            if (block.Length == 0) continue;
            yield return block.StartsWith("```", StringComparison.Ordinal)
                ? Code(block)
                : Plain(block.StartsWith("- ", StringComparison.Ordinal) || block.StartsWith('|') ? block : block.Replace('\n', ' '));
        }
    }

    /// <summary>The first code block and what stands around it.</summary>
    public static (string Code, string Remarks) SplitCode(string body)
    {
        var match = Fence().Match(body);
        return match.Success ? (match.Groups["code"].Value.Trim('\n'), (body[..match.Index] + body[(match.Index + match.Length)..]).Trim()) : (string.Empty, body);
    }

    /// <summary>Text without marks: code spans, bold, and links as their text.</summary>
    public static string Plain(string text) => Link().Replace(text, "${text}").Replace("`", string.Empty, StringComparison.Ordinal).Replace("**", string.Empty, StringComparison.Ordinal);

    private static string Code(string block) => string.Join('\n', block.Split('\n').Where(line => !line.StartsWith("```", StringComparison.Ordinal)).Select(line => "    " + line));

    [GeneratedRegex(@"\n\s*\n(?=(?:[^`]|`(?!``))*(?:```(?:[^`]|`(?!``))*```(?:[^`]|`(?!``))*)*\z)", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"```\w*\n(?<code>.*?)\n```", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\([^)]+\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}

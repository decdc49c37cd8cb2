using System.Text;

namespace StratusLab.Build.Help;

/// <summary>An about_ page as the text file that Get-Help shows.</summary>
internal static class AboutTopic
{
    private const int Width = 76;

    public static string ToText(string markdown)
    {
        var text = new StringBuilder();
        var inCode = false;
        var paragraph = new List<string>();
        foreach (var line in markdown.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                Flush();
                inCode = !inCode;
            }
            else if (inCode)
            {
                text.Append("        ").Append(line).Append('\n');
            }
            else if (line.StartsWith('#'))
            {
                Flush();
                text.Append(line.TrimStart('#').Trim()).Append("\n\n");
            }
            else if (line.Trim().Length == 0 || line.StartsWith("- ", StringComparison.Ordinal) || line.StartsWith('|'))
            {
                Flush();
                if (line.Trim().Length == 0) text.Append('\n');
                else if (line.StartsWith('|')) text.Append("    ").Append(Markdown.Plain(line)).Append('\n');
                else paragraph.Add(line);
            }
            else
            {
                paragraph.Add(line.Trim());
            }
        }

        Flush();
        return text.ToString().Replace("\n\n\n", "\n\n", StringComparison.Ordinal);

        void Flush()
        {
            var column = 0;
            foreach (var word in Markdown.Plain(string.Join(' ', paragraph)).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (column > 0 && column + word.Length + 1 > Width)
                {
                    text.Append('\n');
                    column = 0;
                }

                text.Append(column == 0 ? "    " : " ").Append(word);
                column += word.Length + 1;
            }

            if (column > 0) text.Append('\n');
            paragraph = [];
        }
    }
}

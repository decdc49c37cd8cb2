namespace StratusLab.Build.Help;

/// <summary>A page of the reference: prose by section. What the code knows (syntax, types, positions) is not in it.</summary>
internal sealed record CmdletPage(string File, string Name, IReadOnlyDictionary<string, IReadOnlyList<Section>> Chapters)
{
    public string Synopsis => Text("SYNOPSIS");

    public IReadOnlyList<Section> Parameters => Chapter("PARAMETERS");

    public IReadOnlyList<Section> Examples => Chapter("EXAMPLES");

    /// <summary>The prose of a chapter before its first section.</summary>
    public string Text(string chapter) => Chapters.TryGetValue(chapter, out var sections) ? sections[0].Body : string.Empty;

    /// <summary>Reads <c># Name</c>, <c>## CHAPTER</c> and <c>### Section</c>.</summary>
    public static CmdletPage Parse(string file, string markdown)
    {
        var name = string.Empty;
        var chapters = new Dictionary<string, IReadOnlyList<Section>>(StringComparer.Ordinal);
        var sections = new List<Section>();
        var title = string.Empty;
        var body = new List<string>();
        var inCode = false;
        foreach (var line in markdown.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) inCode = !inCode;
            if (inCode || !line.StartsWith('#'))
            {
                body.Add(line);
                continue;
            }

            Close();
            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                title = line[4..].Trim();
            }
            else if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                sections = [];
                title = string.Empty;
                chapters[line[3..].Trim()] = sections;
            }
            else
            {
                name = line.TrimStart('#').Trim();
            }
        }

        Close();
        return new CmdletPage(file, name, chapters);

        void Close()
        {
            sections.Add(new Section(title, string.Join('\n', body).Trim()));
            body = [];
        }
    }

    private IReadOnlyList<Section> Chapter(string name) => Chapters.TryGetValue(name, out var sections) ? [.. sections.Skip(1)] : [];
}

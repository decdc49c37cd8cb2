namespace StratusLab.Build.Help;

/// <summary>Pages and cmdlets must say the same: every difference is an error of the build.</summary>
internal static class Consistency
{
    // What PowerShell adds by itself is described by PowerShell's own help.
    private static readonly string[] Standard = ["WhatIf", "Confirm"];

    private static readonly string[] Chapters = ["INPUTS", "OUTPUTS", "RELATED LINKS"];

    public static IEnumerable<string> Check(IReadOnlyList<CmdletPage> pages, IReadOnlyList<CmdletInfo> cmdlets)
    {
        foreach (var cmdlet in cmdlets.Where(cmdlet => !pages.Any(page => page.Name == cmdlet.Name)))
            yield return $"docs/en-US/{cmdlet.Name}.md(1): error HELP1: {cmdlet.Name} has no page.";
        foreach (var page in pages)
        {
            if (cmdlets.FirstOrDefault(cmdlet => cmdlet.Name == page.Name) is not { } cmdlet)
            {
                yield return Error(page, "HELP2", $"There is no cmdlet {page.Name}.");
                continue;
            }

            foreach (var problem in Compare(page, cmdlet)) yield return problem;
        }
    }

    private static IEnumerable<string> Compare(CmdletPage page, CmdletInfo cmdlet)
    {
        if (Path.GetFileNameWithoutExtension(page.File) != cmdlet.Name) yield return Error(page, "HELP3", $"The page of {cmdlet.Name} is named after it.");
        if (page.Synopsis.Length == 0) yield return Error(page, "HELP4", "There is no SYNOPSIS.");
        if (page.Text("DESCRIPTION").Length == 0) yield return Error(page, "HELP5", "There is no DESCRIPTION.");
        if (page.Examples.Count == 0) yield return Error(page, "HELP6", "There is no example.");
        foreach (var example in page.Examples.Where(example => Markdown.SplitCode(example.Body).Code.Length == 0)) yield return Error(page, "HELP6", $"The example '{example.Title}' has no code.");

        var documented = page.Parameters.Select(section => section.Title.TrimStart('-')).ToHashSet(StringComparer.Ordinal);
        var declared = cmdlet.Parameters.Select(parameter => parameter.Name).Except(Standard, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        foreach (var name in declared.Except(documented, StringComparer.Ordinal)) yield return Error(page, "HELP7", $"-{name} is not described.");
        foreach (var name in documented.Except(declared, StringComparer.Ordinal)) yield return Error(page, "HELP8", $"-{name} is described but not there.");
        foreach (var section in page.Parameters.Where(section => section.Body.Length == 0)) yield return Error(page, "HELP9", $"{section.Title} has no text.");

        foreach (var chapter in Chapters.Where(chapter => page.Text(chapter).Length == 0)) yield return Error(page, "HELP10", $"{chapter} has no text.");
        foreach (var output in cmdlet.Outputs.Where(output => !page.Text("OUTPUTS").Contains(output, StringComparison.Ordinal))) yield return Error(page, "HELP11", $"OUTPUTS does not name {output}.");
        foreach (var input in cmdlet.Inputs.Where(input => !page.Text("INPUTS").Contains(input, StringComparison.OrdinalIgnoreCase))) yield return Error(page, "HELP12", $"INPUTS does not name {input}.");
    }

    private static string Error(CmdletPage page, string code, string message) => $"{page.File}(1): error {code}: {message}";
}

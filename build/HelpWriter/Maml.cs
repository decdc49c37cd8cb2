using System.Globalization;
using System.Xml.Linq;

namespace StratusLab.Build.Help;

/// <summary>The help file of a module in the format that Get-Help reads (Microsoft's MAML, schema of PowerShell's own help files).</summary>
internal static class Maml
{
    private const string Any = "All";

    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Text = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly Dictionary<string, string> Standard = new(StringComparer.Ordinal)
    {
        ["WhatIf"] = "Shows what would be done, without doing it.",
        ["Confirm"] = "Asks before each object.",
    };

    public static void Write(string file, IReadOnlyList<CmdletPage> pages, IReadOnlyList<CmdletInfo> cmdlets) =>
        new XDocument(
            new XElement(Help + "helpItems", new XAttribute("schema", "maml"),
                new XAttribute(XNamespace.Xmlns + "maml", Text), new XAttribute(XNamespace.Xmlns + "command", Command), new XAttribute(XNamespace.Xmlns + "dev", Dev),
                cmdlets.Select(cmdlet => Describe(cmdlet, pages.Single(page => page.Name == cmdlet.Name)))))
        .Save(file);

    private static XElement Describe(CmdletInfo cmdlet, CmdletPage page)
    {
        var texts = page.Parameters.ToDictionary(section => section.Title.TrimStart('-'), section => section.Body, StringComparer.Ordinal);
        foreach (var (name, text) in Standard) texts.TryAdd(name, text);
        return new XElement(Command + "command",
            new XElement(Command + "details",
                new XElement(Command + "name", cmdlet.Name), new XElement(Command + "verb", cmdlet.Verb), new XElement(Command + "noun", cmdlet.Noun),
                Prose("description", page.Synopsis)),
            Prose("description", page.Text("DESCRIPTION")),
            new XElement(Command + "syntax", cmdlet.Sets.Select(set =>
                new XElement(Command + "syntaxItem", new XElement(Text + "name", cmdlet.Name),
                    cmdlet.Parameters.Where(parameter => parameter.Set is null || parameter.Set == set || set == Any)
                        .OrderBy(parameter => parameter.Position ?? int.MaxValue).Select(parameter => Describe(parameter, texts[parameter.Name]))))),
            new XElement(Command + "parameters", cmdlet.Parameters.DistinctBy(parameter => parameter.Name).OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
                .Select(parameter => Describe(parameter, texts[parameter.Name]))),
            new XElement(Command + "inputTypes", Lines(page.Text("INPUTS")).Select(line => new XElement(Command + "inputType", Type(line)))),
            new XElement(Command + "returnValues", cmdlet.Outputs.Select(output => new XElement(Command + "returnValue", Type(output), page.Text("OUTPUTS") == output ? null : Prose("description", page.Text("OUTPUTS"))))),
            page.Text("NOTES").Length == 0 ? null : new XElement(Text + "alertSet", new XElement(Text + "alert", Markdown.Paragraphs(page.Text("NOTES")).Select(Paragraph))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", Lines(page.Text("RELATED LINKS")).Select(line =>
                new XElement(Text + "navigationLink", new XElement(Text + "linkText", Markdown.Plain(line.TrimStart('-', ' '))), new XElement(Text + "uri")))));
    }

    private static XElement Describe(ParameterInfo parameter, string text) =>
        new(Command + "parameter",
            new XAttribute("required", Flag(parameter.IsMandatory)),
            new XAttribute("variableLength", Flag(parameter.TypeName.EndsWith("[]", StringComparison.Ordinal))),
            new XAttribute("globbing", Flag(parameter.HasWildcards)),
            new XAttribute("pipelineInput", parameter.Pipeline),
            new XAttribute("position", parameter.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
            new XElement(Text + "name", parameter.Name),
            Prose("description", text),
            parameter.Values.Count > 0 ? new XElement(Command + "parameterValueGroup",
                parameter.Values.Select(value => new XElement(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value))) : null,
            parameter.IsSwitch ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), parameter.TypeName),
            Type(parameter.TypeName));

    private static XElement Example(Section section, int index)
    {
        var (code, remarks) = Markdown.SplitCode(section.Body);
        return new XElement(Command + "example",
            new XElement(Text + "title", string.Create(CultureInfo.InvariantCulture, $"Example {index + 1}: {Markdown.Plain(section.Title)}")),
            new XElement(Dev + "code", code),
            new XElement(Dev + "remarks", Markdown.Paragraphs(remarks).Select(Paragraph)));
    }

    private static XElement Type(string name) => new(Dev + "type", new XElement(Text + "name", Markdown.Plain(name.TrimStart('-', ' '))), new XElement(Text + "uri"));

    private static XElement Prose(string name, string text) => new(Text + name, Markdown.Paragraphs(text).Select(Paragraph));

    private static XElement Paragraph(string text) => new(Text + "para", text);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Flag(bool value) => value ? "true" : "false";
}

using System.Text.RegularExpressions;
using StratusLab.Core;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace StratusLab.Sdk;

/// <summary>
/// What cloud-init would not understand is refused before a VM is made (formats: cloud-init documentation, "User-data formats").
/// The text may hold secrets, so no error quotes it.
/// </summary>
internal static partial class UserDataValidation
{
    private const int MaxLength = 4 << 20;
    private const int MaxDepth = 100;

    public static void Validate(string userData)
    {
        if (userData.Length > MaxLength) throw Bad("UserData", $"is {userData.Length} characters long; up to {MaxLength} are possible.");
        if (userData.StartsWith('\uFEFF')) throw Bad("UserData", "begins with a byte order mark, which cloud-init does not understand. Save it as UTF-8 without one.", 1);
        var end = userData.IndexOf('\n', StringComparison.Ordinal);
        var first = end < 0 ? userData : userData[..end];
        if (first.TrimEnd() == "#cloud-config") ValidateYaml(userData, "UserData");
        else if (first.StartsWith("#!", StringComparison.Ordinal)) ValidateScript(first);
        else if (MimeHeader().IsMatch(userData)) ValidateMultipart(userData);
        else throw Bad("UserData", "is of no known kind: the first line is '#cloud-config', '#!' and an interpreter, or 'Content-Type: multipart/…'.", 1);
    }

    /// <summary>Checks that a text is one YAML mapping.</summary>
    public static void ValidateYaml(string text, string field)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _)) throw Bad(field, "holds no settings.", 1);
            if (parser.Current is not MappingStart)
                throw Bad(field, "is YAML, but not a mapping: settings are written as 'name: value'.", Line(parser.Current!.Start));

            var (depth, documents) = (0, 1);
            while (parser.MoveNext())
            {
                depth += parser.Current!.NestingIncrease;
                if (depth > MaxDepth) throw Bad(field, $"is nested more than {MaxDepth} deep.", Line(parser.Current.Start));
                if (parser.Current is DocumentStart && ++documents > 1) throw Bad(field, "has more than one YAML document.", Line(parser.Current.Start));
            }
        }
        catch (YamlException e)
        {
            throw Bad(field, $"is not valid YAML at line {e.Start.Line}, column {e.Start.Column}: {e.Message}", Line(e.Start));
        }
    }

    private static void ValidateScript(string first)
    {
        if (first.TrimEnd('\r').AsSpan(2).IsWhiteSpace()) throw Bad("UserData", "is a script whose first line names no interpreter, such as '#!/bin/sh'.", 1);
        if (first.EndsWith('\r')) throw Bad("UserData", "is a script with Windows line ends, which no interpreter starts with. Save it with Unix line ends.", 1);
    }

    private static void ValidateMultipart(string text)
    {
        var header = text[..Math.Max(text.IndexOf("\n\n", StringComparison.Ordinal), text.IndexOf("\r\n\r\n", StringComparison.Ordinal)).Clamp(text.Length)];
        if (Boundary().Match(header) is not { Success: true } match) throw Bad("UserData", "is a MIME multipart whose header names no boundary.", 1);
        if (!text.Contains("\n--" + match.Groups["b"].Value, StringComparison.Ordinal)) throw Bad("UserData", "is a MIME multipart without a part: its boundary does not occur.", 1);
    }

    private static int Clamp(this int index, int length) => index < 0 ? length : index;

    private static int Line(Mark mark) => (int)mark.Line;

    private static InvalidInputException Bad(string field, string why, int? line = null) =>
        new(field == "UserData" ? "InvalidUserData" : "InvalidNetworkConfig", $"The {(field == "UserData" ? "user data" : "network configuration")} {why}", field) { Line = line };

    [GeneratedRegex(@"\A(MIME-Version:[^\n]*\n)?Content-Type:\s*multipart/", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MimeHeader();

    [GeneratedRegex("boundary=\"?(?<b>[^\"\\s;]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Boundary();
}

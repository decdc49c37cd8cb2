using System.Text;

namespace StratusLab.Sim;

/// <summary>Takes a script apart into simple commands.</summary>
internal static class ShellText
{
    public static IEnumerable<ShellCommand> Parse(string script, Func<string, string> variable)
    {
        foreach (var line in script.Split('\n'))
        {
            var command = new ShellCommand();
            foreach (var token in Tokens(line.TrimEnd('\r'), variable))
            {
                if (token is { IsOperator: true, Text: ";" or "&&" or "||" })
                {
                    yield return command;
                    command = new ShellCommand { Runs = token.Text switch { "&&" => true, "||" => false, _ => null } };
                    continue;
                }

                Add(command, token);
            }

            if (command.Words.Count > 0) yield return command;
        }
    }

    private static void Add(ShellCommand command, Token token)
    {
        if (token.IsOperator)
        {
            if (token.Text == ">&2") command.OutputToError = true;
            else if (token.Text == "2>&1") command.ErrorToOutput = true;
            else (command.OutputFile, command.Appends) = (string.Empty, token.Text == ">>");
        }
        else if (command.OutputFile is { Length: 0 })
        {
            command.OutputFile = token.Text;
        }
        else
        {
            command.Words.Add(token.Text);
        }
    }

    private static IEnumerable<Token> Tokens(string line, Func<string, string> variable)
    {
        string[] operators = ["2>&1", ">&2", "&&", "||", ">>", ">", ";"];
        for (var i = 0; i < line.Length;)
        {
            if (char.IsWhiteSpace(line[i]))
            {
                i++;
            }
            else if (line[i] == '#')
            {
                yield break;
            }
            else if (operators.FirstOrDefault(op => line.AsSpan(i).StartsWith(op, StringComparison.Ordinal)) is { } found)
            {
                i += found.Length;
                yield return new Token(found, IsOperator: true);
            }
            else
            {
                yield return new Token(Word(line, ref i, variable), IsOperator: false);
            }
        }
    }

    private static string Word(string line, ref int i, Func<string, string> variable)
    {
        var word = new StringBuilder();
        var quote = '\0';
        var start = i;
        for (; i < line.Length; i++)
        {
            var c = line[i];
            if (quote == '\0' && i > start && (char.IsWhiteSpace(c) || c is ';' or '&' or '|' or '>')) break;
            if (c is '\'' or '"' && (quote == '\0' || quote == c)) quote = quote == '\0' ? c : '\0';
            else if (c == '\\' && quote != '\'' && i + 1 < line.Length) word.Append(line[++i]);
            else if (c == '$' && quote != '\'' && i + 1 < line.Length) word.Append(variable(VariableName(line, ref i)));
            else word.Append(c);
        }

        return word.ToString();
    }

    private static string VariableName(string line, ref int i)
    {
        var start = i + 1;
        var end = start;
        if (line[start] == '{')
        {
            end = line.IndexOf('}', start);
            if (end < 0) end = line.Length - 1;
            i = end;
            return line[(start + 1)..end];
        }

        while (end < line.Length && (char.IsAsciiLetterOrDigit(line[end]) || line[end] == '_')) end++;
        if (end == start) end++;
        i = end - 1;
        return line[start..end];
    }

    private readonly record struct Token(string Text, bool IsOperator);
}

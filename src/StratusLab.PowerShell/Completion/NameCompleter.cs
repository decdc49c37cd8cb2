using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>Completes names from the site in use: within a moment or not at all, and never with an error.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(700);

    /// <inheritdoc/>
    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var pattern = new WildcardPattern((wordToComplete ?? string.Empty).Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return Names().Where(pattern.IsMatch).Select(name => new CompletionResult(Quote(name), name, CompletionResultType.ParameterValue, name));
    }

    /// <summary>Asks the site.</summary>
    private protected abstract Task<IReadOnlyList<string>> AskAsync(StratusSite site, CancellationToken cancellationToken);

    private static string Quote(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/') ? name : $"'{name}'";

    private IReadOnlyList<string> Names()
    {
        var session = SiteSession.Current;
        var source = $"{GetType().Name} {SiteFolder.Default} {SiteFolder.DefaultDatabase}";
        if (session.Completions.Get(source) is { } known) return known;
        var names = PipelineBridge.Within(Limit, async cancel => await AskAsync(await session.OpenAsync(cancel).ConfigureAwait(false), cancel).ConfigureAwait(false));
        if (names is null) return [];
        session.Completions.Set(source, names);
        return names;
    }
}

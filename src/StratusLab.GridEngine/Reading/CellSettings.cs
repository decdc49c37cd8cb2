using System.Collections.Concurrent;

namespace StratusLab.GridEngine;

/// <summary>What an administrator sets in a cell and seldom changes: it is asked for again after a few minutes only, and not at every look.</summary>
internal sealed class CellSettings(GridEngineCommands commands, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, string Text)> _known = new(StringComparer.Ordinal);

    public async Task<ComplexTable> ComplexesAsync(CancellationToken cancellationToken) => ComplexTable.Read(await AskAsync(["-sc"], cancellationToken).ConfigureAwait(false));

    /// <summary>How a parallel environment spreads slots over hosts.</summary>
    public async Task<string> RuleAsync(string environment, CancellationToken cancellationToken) => SlotAllocation.RuleIn(await AskAsync(["-sp", environment], cancellationToken).ConfigureAwait(false));

    private async Task<string> AskAsync(string[] question, CancellationToken cancellationToken)
    {
        var key = string.Join(' ', question);
        var now = clock.GetUtcNow();
        if (_known.TryGetValue(key, out var known) && now < known.Until) return known.Text;
        var text = await commands.RunAsync("qconf", question, cancellationToken).ConfigureAwait(false);
        _known[key] = (now + Kept, text);
        return text;
    }
}

namespace StratusLab.Sdk;

/// <summary>What the site intended to do on hosts, and what came of it.</summary>
public sealed class SiteJournal
{
    internal SiteJournal()
    {
    }

    /// <summary>Entries, the newest first.</summary>
    /// <param name="openOnly">Only those whose outcome is not known.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public IAsyncEnumerable<JournalEntry> ListAsync(bool openOnly = false, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}

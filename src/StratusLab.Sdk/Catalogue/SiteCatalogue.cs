using System.Data.Common;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// The site's database. Several processes may have it open: readers never wait, writers take turns, one at a time in the whole site.
/// Its work is synchronous, and so is done on the thread pool.
/// </summary>
internal abstract class SiteCatalogue : IAsyncDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);

    /// <summary>Where it is, for people; never with a password.</summary>
    public abstract string Location { get; }

    /// <summary>Reads from one consistent state.</summary>
    public Task<T> ReadAsync<T>(Func<DbConnection, T> read, CancellationToken cancellationToken = default) => RunAsync(
        () =>
        {
            using var connection = Connect();
            using var transaction = BeginRead(connection);
            return read(connection);
        },
        cancellationToken);

    /// <summary>Writes in one transaction, all or nothing.</summary>
    /// <param name="write">The work.</param>
    /// <param name="durable">Whether it must survive a power failure when the call returns. Without it only the order is kept.</param>
    /// <param name="cancellationToken">Stops the waiting for the turn.</param>
    public async Task<T> WriteAsync<T>(Func<DbConnection, T> write, bool durable = true, CancellationToken cancellationToken = default)
    {
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (result, isKept) = await RunAsync(
                () =>
                {
                    using var connection = Connect();
                    using var transaction = BeginWrite(connection, durable);
                    return (write(connection), TryCommit(transaction));
                },
                cancellationToken).ConfigureAwait(false);
            if (!isKept) await ResolveAsync(cancellationToken).ConfigureAwait(false);
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>The version of the layout.</summary>
    public abstract long ReadVersion(DbConnection connection);

    /// <summary>The time by which processes take turns at a burst: of one clock where they are on several machines.</summary>
    public abstract DateTimeOffset Now(DbConnection connection, TimeProvider clock);

    /// <summary>Shows to the others that this process lives.</summary>
    /// <param name="local">How that is shown on this machine.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public abstract Task<ISiteSession> BeginSessionAsync(SessionLock local, CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync()
    {
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    protected abstract DbConnection Connect();

    protected abstract DbTransaction BeginRead(DbConnection connection);

    protected abstract DbTransaction BeginWrite(DbConnection connection, bool durable);

    /// <summary>Keeps what was written.</summary>
    /// <returns>False where the answer was lost, and it is not known whether it was kept.</returns>
    protected virtual bool TryCommit(DbTransaction transaction)
    {
        transaction.Commit();
        return true;
    }

    /// <summary>Finds out whether the last write was kept after all; if not, or if that cannot be found out, throws what is known of it.</summary>
    protected virtual Task ResolveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The database's error, if it is one.</summary>
    protected virtual DbException? ErrorOf(Exception e) => e as DbException;

    /// <summary>The database's error in words that say which database and what to do.</summary>
    protected abstract StratusException Translate(DbException error);

    protected async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ErrorOf(e) is { } error)
        {
            throw Translate(error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StratusException("CatalogueUnavailable", StratusErrorKind.PermissionDenied, $"The catalogue '{Location}' cannot be opened: {e.Message}", e) { Resource = Location };
        }
    }
}

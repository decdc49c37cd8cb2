using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>
/// The folder into which the hook writes what Slurm asks for. A request stays there until it is acknowledged, so one that was being worked on when
/// the controller ended is given again to the next. One reader at a time.
/// </summary>
public sealed class SlurmSpool
{
    /// <summary>The folder beside the requests into which files go that cannot be read.</summary>
    public const string QuarantineFolder = "broken";

    // Where a folder is not watched, as on a network file system, requests are found this late.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly string _folder;

    /// <summary>Opens the spool, and makes its folder, for its owner only, if it is not there.</summary>
    /// <param name="folder">The folder; the hook's <c>STRATUS_BURST_SPOOL</c>.</param>
    /// <exception cref="StratusException"><c>SlurmSpoolUnusable</c>: it is not there and cannot be made.</exception>
    public SlurmSpool(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = Path.GetFullPath(folder);
        MakeFolder(_folder);
    }

    /// <summary>The requests that lie there, the oldest first, and then each new one as it comes, without end.</summary>
    /// <param name="broken">Told of each file that cannot be read and was put into <see cref="QuarantineFolder"/>; null to tell nobody.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="StratusException"><c>SlurmSpoolUnusable</c>: the folder cannot be read.</exception>
    public async IAsyncEnumerable<SlurmRequest> WatchAsync(Action<InvalidInputException>? broken = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watcher = Watch(hints.Writer);
        var given = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var names = Names();

            // What is gone was acknowledged: only what lies there has to be remembered.
            given.IntersectWith(names);
            foreach (var name in names)
            {
                if (!given.Add(name)) continue;
                if (await ReadAsync(name, broken, cancellationToken).ConfigureAwait(false) is { } request) yield return request;
            }

            await HintAsync(hints.Reader, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes a request that was carried out, or written down elsewhere. One that is gone already is no error.</summary>
    /// <exception cref="StratusException"><c>SlurmSpoolUnusable</c>: the file cannot be removed.</exception>
    public Task AcknowledgeAsync(SlurmRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            File.Delete(Path.Combine(_folder, Path.GetFileName(request.Id)));
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    private async Task<SlurmRequest?> ReadAsync(string name, Action<InvalidInputException>? broken, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_folder, name);
        try
        {
            return await RequestFile.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (InvalidInputException e)
        {
            var quarantine = Path.Combine(_folder, QuarantineFolder);
            MakeFolder(quarantine);
            File.Move(path, Path.Combine(quarantine, name), overwrite: true);
            broken?.Invoke(e);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    // The hook's names begin with the time in nanoseconds; what it has not finished begins with a dot.
    private List<string> Names()
    {
        try
        {
            return [.. Directory.EnumerateFiles(_folder, "*.json").Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    private FileSystemWatcher? Watch(ChannelWriter<bool> hints)
    {
        try
        {
            var watcher = new FileSystemWatcher(_folder, "*.json") { NotifyFilter = NotifyFilters.FileName };
            watcher.Renamed += (_, _) => hints.TryWrite(true);
            watcher.Created += (_, _) => hints.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            // The machine has no watches left to give, or the folder is away, which reading it tells: looking every second finds the same.
            return null;
        }
    }

    private static async Task HintAsync(ChannelReader<bool> hints, CancellationToken cancellationToken)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        pause.CancelAfter(PollInterval);
        try
        {
            await hints.ReadAsync(pause.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look by oneself.
        }
    }

    private void MakeFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    private StratusException Unusable(Exception cause) => new(
        "SlurmSpoolUnusable", StratusErrorKind.Failed, $"The spool folder '{_folder}' cannot be used: {cause.Message}. It must belong to SlurmUser, and whoever runs the controller must be that user or root.", cause)
    { Resource = _folder };
}

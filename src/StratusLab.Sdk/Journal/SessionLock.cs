namespace StratusLab.Sdk;

/// <summary>
/// Shows that this process lives: a file that it holds locked, <c>sessions/&lt;id&gt;.lock</c>.
/// The operating system ends the lock with the process, however that ends.
/// </summary>
internal sealed class SessionLock : IDisposable
{
    private static readonly TimeSpan Newborn = TimeSpan.FromMinutes(1);
    private readonly string _folder;
    private readonly FileStream _held;

    private SessionLock(string folder, string id, FileStream held)
    {
        _folder = folder;
        Id = id;
        _held = held;
    }

    public string Id { get; }

    public static SessionLock Take(string folder)
    {
        PrivateFolder.Ensure(folder);
        var id = Guid.NewGuid().ToString("N");
        return new SessionLock(folder, id, new FileStream(PathOf(folder, id), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1));
    }

    /// <summary>Whether the process that has this session lives.</summary>
    public bool IsAlive(string id) => Knows(id) ?? false;

    /// <summary>The same, or null where this folder knows nothing of the session.</summary>
    public bool? Knows(string id)
    {
        if (id == Id) return true;
        try
        {
            using (new FileStream(PathOf(_folder, id), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1)) return false;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Counts the living sessions and removes the files of dead ones.</summary>
    public int CountAlive()
    {
        var alive = 0;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*.lock"))
        {
            if (IsAlive(Path.GetFileNameWithoutExtension(file.Name))) alive++;
            else if (DateTime.UtcNow - file.LastWriteTimeUtc > Newborn) file.Delete();
        }

        return alive;
    }

    public void Dispose()
    {
        File.Delete(_held.Name);
        _held.Dispose();
    }

    private static string PathOf(string folder, string id) => Path.Combine(folder, id + ".lock");
}

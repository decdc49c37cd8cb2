using System.Globalization;

namespace StratusLab.Rig;

/// <summary>
/// A folder and a number that nobody else on this machine has meanwhile.
/// Held by a file lock, which the kernel frees however the process ends.
/// </summary>
public sealed class NumberedFolder : IDisposable
{
    private readonly FileStream _lock;

    private NumberedFolder(int number, string path, FileStream @lock)
    {
        Number = number;
        Path = path;
        _lock = @lock;
    }

    /// <summary>From 0.</summary>
    public int Number { get; }

    /// <summary>The folder, empty at first. Short, since a unix socket's path has at most 107 bytes.</summary>
    public string Path { get; }

    /// <summary>Takes the first that is free.</summary>
    /// <param name="kind">What the folders are for; a name for a file.</param>
    /// <param name="count">How many there may be.</param>
    /// <exception cref="InvalidOperationException">All are in use.</exception>
    public static NumberedFolder Take(string kind, int count)
    {
        var root = System.IO.Path.Combine(System.IO.Path.GetTempPath(), kind);
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        for (var number = 0; number < count; number++)
        {
            var folder = System.IO.Path.Combine(root, number.ToString(CultureInfo.InvariantCulture));
            try
            {
                var file = new FileStream(folder + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                // A run that was killed left its folder; its processes and mounts went with its namespaces.
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
                Directory.CreateDirectory(folder);
                return new(number, folder, file);
            }
            catch (IOException)
            {
                // In use by another run.
            }
        }
        throw new InvalidOperationException($"All {count} places under {root} are in use.");
    }

    /// <summary>Removes the folder and gives the number back.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }
}

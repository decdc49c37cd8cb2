namespace StratusLab.Core;

/// <summary>A file to be written for a batch system. It does not show its content: that may be a secret.</summary>
/// <param name="name">Its name within the folder.</param>
/// <param name="content">Its text.</param>
public sealed class BatchConfigurationFile(string name, string content)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ForAll = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Program = ForAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Its name within the folder.</summary>
    public string Name => name;

    /// <summary>Its text.</summary>
    public string Content => content;

    /// <summary>Whether it is a program.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>Whether only its owner may read it.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Makes sure that a folder has no file of that name.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="StratusException"><c>FileAlreadyExists</c>: it has one.</exception>
    public void CheckAbsent(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.Combine(folder, name);
        if (File.Exists(path))
            throw new StratusException("FileAlreadyExists", StratusErrorKind.AlreadyExists, $"'{path}' is there already. Say that it may be replaced, or name another folder.") { Resource = path };
    }

    /// <summary>Writes it into a folder, which is made if need be; the file is complete or not there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="replace">Whether a file of that name may be replaced.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="StratusException"><c>FileAlreadyExists</c>: it is there and may not be replaced; <c>FileNotWritable</c>: the folder cannot be written.</exception>
    public async Task<string> WriteAsync(string folder, bool replace, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!replace) CheckAbsent(folder);
        var path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(folder);

            // The batch system may be about to read or run it: the new one takes the place of the old whole.
            var part = path + ".new";
            File.Delete(part);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
            var writer = new StreamWriter(part, options);
            await using (writer.ConfigureAwait(false)) await writer.WriteAsync(content.AsMemory(), cancellationToken).ConfigureAwait(false);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(part, IsSecret ? OwnerOnly : IsExecutable ? Program : ForAll);
            File.Move(part, path, overwrite: true);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StratusException("FileNotWritable", StratusErrorKind.Failed, $"'{path}' cannot be written: {e.Message}", e) { Resource = path };
        }
    }

    /// <summary>The name.</summary>
    public override string ToString() => name;
}

namespace StratusLab.Sdk;

/// <summary>Large files that are needed for a while. Those of processes that are gone are removed when the next is made.</summary>
internal sealed class ScratchFolder(string folder, SessionLock session)
{
    /// <summary>A file of this process; the caller removes it.</summary>
    public FileStream Create(string extension)
    {
        PrivateFolder.Ensure(folder);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            if (!session.IsAlive(file.Name.Split('.')[0])) file.Delete();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(folder, $"{session.Id}.{Guid.NewGuid():N}.{extension}"), options);
    }
}

using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Folders and files that only their owner may read, made so from the beginning.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnlyFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Makes the folder if it is not there; one that others may write to is refused.</summary>
    public static void Ensure(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
                return;
            }

            Directory.CreateDirectory(folder, OwnerOnlyFolder);
            if ((File.GetUnixFileMode(folder) & WritableByOthers) != UnixFileMode.None)
            {
                throw new StratusException(
                    "SiteFolderNotPrivate",
                    StratusErrorKind.PermissionDenied,
                    $"Other users may write to the folder '{folder}'. Take that right away (chmod go-w), or use another folder.") { Resource = folder };
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StratusException(
                "SiteFolderUnavailable",
                StratusErrorKind.PermissionDenied,
                $"The folder '{folder}' cannot be made or used: {e.Message}",
                e) { Resource = folder };
        }
    }

    /// <summary>Makes an empty file that its owner alone may read.</summary>
    public static void CreateFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnlyFile;
        new FileStream(path, options).Dispose();
    }

    /// <summary>Takes other users' rights to a file, if it is there.</summary>
    public static void Restrict(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return;
        if ((File.GetUnixFileMode(path) & ~OwnerOnlyFile) != UnixFileMode.None) File.SetUnixFileMode(path, OwnerOnlyFile);
    }
}

namespace StratusLab.Rig;

/// <summary>Where the tests find files of the work tree they were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests run outside a work tree.</exception>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "StratusLab.PowerShell.sln")))
                return folder;
        }
        throw new DirectoryNotFoundException($"No StratusLab.PowerShell.sln above {AppContext.BaseDirectory}.");
    }
}

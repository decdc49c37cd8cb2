namespace StratusLab.Sdk;

/// <summary>Where a site keeps its files unless told otherwise.</summary>
public static class SiteFolder
{
    /// <summary><c>$STRATUS_SITE</c>: the database of a shared site; null where it is not set.</summary>
    public static string? DefaultDatabase => Environment.GetEnvironmentVariable("STRATUS_SITE") is { Length: > 0 } database ? database : null;

    /// <summary>
    /// <c>$STRATUS_HOME</c>, else <c>$XDG_DATA_HOME/stratuslab</c>, else <c>~/.local/share/stratuslab</c>
    /// (XDG Base Directory Specification); on Windows the user's local application data.
    /// </summary>
    public static string Default
    {
        get
        {
            var home = Environment.GetEnvironmentVariable("STRATUS_HOME");
            if (!string.IsNullOrEmpty(home)) return Path.GetFullPath(home);

            // The specification says that a relative path is invalid and to be ignored.
            var data = Environment.GetEnvironmentVariable("XDG_DATA_HOME");
            if (string.IsNullOrEmpty(data) || !Path.IsPathFullyQualified(data))
            {
                data = OperatingSystem.IsWindows()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
            }

            return Path.Combine(data, "stratuslab");
        }
    }
}

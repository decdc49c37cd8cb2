namespace StratusLab.Architecture.Tests;

/// <summary>The source tree that these tests look at.</summary>
internal static class Repository
{
    private static readonly string[] Made = ["bin", "obj", "artifacts", ".git", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// <summary>The projects of a folder such as <c>src</c>, by name.</summary>
    public static IEnumerable<string> Projects(string folder) =>
        Directory.EnumerateDirectories(Path.Combine(Root, folder)).Select(path => Path.GetFileName(path)).Where(name => !Made.Contains(name));

    /// <summary>Files under a folder of the tree, without what a build makes; paths relative to the root.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Walk(Path.Combine(Root, folder), pattern).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    public static string Read(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    private static IEnumerable<string> Walk(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern)
            .Concat(Directory.EnumerateDirectories(folder).Where(path => !Made.Contains(Path.GetFileName(path))).SelectMany(path => Walk(path, pattern)));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StratusLab.PowerShell.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No solution is found above '{AppContext.BaseDirectory}'.");
    }
}
